"""The real servers: what they keep over a crash, and what each service's user may not do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig
from pymongo import AsyncMongoClient
from pymongo.errors import NetworkTimeout, OperationFailure, ServerSelectionTimeoutError

from stack.places import State
from stack.ports import PortTaken, free_ports
from stack.servers import SERVICES, Mongod, Nats, NatsPorts, start_mongod
from stack.servers.permissions import PROVISION, Durable, inbox_prefix

DURABLE = Durable("PUBLISHER", "registry-on-publisher-mass-send")
FOREIGN = Durable("PUBLISHER", "review-on-publisher-issue")


def database_client(url: str) -> AsyncMongoClient[dict[str, object]]:
    return AsyncMongoClient(url, serverSelectionTimeoutMS=5000)


async def test_acknowledged_writes_outlive_a_killed_mongod(own_mongod: Mongod) -> None:
    async with database_client(own_mongod.url("registry")) as client:
        await client.registry.notes.insert_one({"_id": 1})
        await own_mongod.kill()
        await own_mongod.start()
        assert await client.registry.notes.find_one({"_id": 1}) == {"_id": 1}


async def test_a_frozen_mongod_answers_again_when_thawed(own_mongod: Mongod) -> None:
    async with database_client(own_mongod.url("review") + "&socketTimeoutMS=300&retryReads=false") as client:
        await client.admin.command("ping")
        own_mongod.freeze()
        with pytest.raises((NetworkTimeout, ServerSelectionTimeoutError)):
            await client.admin.command("ping")
        own_mongod.thaw()
        assert (await client.admin.command("ping"))["ok"] == 1


async def test_mongod_runs_transactions_with_a_short_life(mongod: Mongod) -> None:
    async with database_client(mongod.url("publisher")) as client, client.start_session() as session:
        async with await session.start_transaction():
            await client.publisher.stack_orders.insert_one({"_id": "a"}, session=session)
        assert await client.publisher.stack_orders.count_documents({"_id": "a"}) == 1
    async with database_client(mongod.admin_url) as admin:
        limit = await admin.admin.command({"getParameter": 1, "transactionLifetimeLimitSeconds": 1})
        assert limit["transactionLifetimeLimitSeconds"] == 5


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_works_in_its_own_database_and_in_no_other(mongod: Mongod, service: str) -> None:
    async with database_client(mongod.url(service)) as client:
        await client[service].stack_notes.insert_one({"by": service})
        for other in (*(name for name in SERVICES if name != service), "admin", "local"):
            with pytest.raises(OperationFailure, match="not authorized"):
                await client[other].stack_notes.find_one({})
            with pytest.raises(OperationFailure, match="not authorized"):
                await client[other].stack_notes.insert_one({"by": service})


async def test_nobody_enters_mongod_without_a_password(mongod: Mongod) -> None:
    async with database_client(f"mongodb://127.0.0.1:{mongod.port}/?directConnection=true") as client:
        with pytest.raises(OperationFailure, match="requires authentication"):
            await client.registry.notes.find_one({})


async def test_a_taken_port_is_named(mongod: Mongod, own_folder: Path) -> None:
    with pytest.raises(PortTaken, match=f"port {mongod.port} \\(mongod\\)"):
        await start_mongod(own_folder, mongod.port)


class Visitor:
    """A client of NATS that notes what the server refused."""

    def __init__(self, client: NatsClient, refused: list[str]) -> None:
        self.client = client
        self.refused = refused

    async def known(self) -> None:
        """Return once the server has every subscription made so far.

        nats-py writes the ping of a flush at once and what it still gathers a turn of the loop later (2.16), so the
        first answer may come ahead of a subscription; by the second everything gathered before the first was written.
        """
        await self.client.flush()
        await self.client.flush()

    async def settled(self) -> list[str]:
        """What has been refused by the time the server has worked through everything sent so far."""
        await self.client.flush()
        async with asyncio.timeout(5):
            while not self.refused:
                await self.client.flush()
                await asyncio.sleep(0.01)
        return self.refused


class Visitors:
    def __init__(self, server: Nats) -> None:
        self._server = server
        self._open: list[NatsClient] = []

    async def enter(self, user: str) -> Visitor:
        refused: list[str] = []

        async def note(error: Exception) -> None:
            refused.append(str(error))

        client = await nats.connect(
            self._server.url,
            user=user,
            password=self._server.password(user),
            inbox_prefix=inbox_prefix(user).encode() if user != PROVISION else b"_INBOX",
            error_cb=note,
        )
        self._open.append(client)
        return Visitor(client, refused)

    async def leave(self) -> None:
        for client in self._open:
            await client.close()


@pytest.fixture
async def visitors(own_folder: Path) -> AsyncIterator[Visitors]:
    """Clients of a server with one stream, two durables and the bucket of keys."""
    ports = free_ports(["client", "monitor"])
    server = Nats(State(own_folder), NatsPorts(ports["client"], ports["monitor"]), SERVICES, [DURABLE, FOREIGN])
    await server.start()
    visitors = Visitors(server)
    jetstream = (await visitors.enter(PROVISION)).client.jetstream()
    await jetstream.add_stream(name="PUBLISHER", subjects=["publisher.*.*.*"])
    for durable in (DURABLE, FOREIGN):
        wanted = ConsumerConfig(durable_name=durable.name, ack_policy=AckPolicy.EXPLICIT)
        await jetstream.add_consumer("PUBLISHER", wanted)
    await jetstream.create_key_value(bucket="keys")
    yield visitors
    await visitors.leave()
    await server.kill()


async def test_a_service_publishes_its_own_facts_and_another_reads_and_acknowledges_them(visitors: Visitors) -> None:
    publisher, registry = await visitors.enter("publisher"), await visitors.enter("registry")
    await publisher.client.jetstream().publish("publisher.mass_send.sent.v1", b"{}")
    subscription = await registry.client.jetstream().pull_subscribe_bind(DURABLE.name, "PUBLISHER")
    (message,) = await subscription.fetch(1, timeout=5)
    await message.ack_sync(timeout=5)
    left = await subscription.consumer_info()
    assert (message.subject, left.num_pending, left.num_ack_pending) == ("publisher.mass_send.sent.v1", 0, 0)
    assert publisher.refused == registry.refused == []


async def test_questions_are_answered_into_the_inbox_of_who_asked(visitors: Visitors) -> None:
    publisher, community = await visitors.enter("publisher"), await visitors.enter("micro_community")

    async def answer(message: Msg) -> None:
        await message.respond(b"yes")

    await publisher.client.subscribe("ask.publisher.oauth", cb=answer)
    await publisher.known()
    assert (await community.client.request("ask.publisher.oauth", timeout=5)).data == b"yes"


async def test_public_keys_are_read_by_all_and_watched(visitors: Visitors) -> None:
    review, publisher = await visitors.enter("review"), await visitors.enter("publisher")
    await (await review.client.jetstream().key_value("keys")).put("review.permit.k1", b"{}")
    bucket = await publisher.client.jetstream().key_value("keys")
    assert (await bucket.get("review.permit.k1")).value == b"{}"
    watcher: Any = await bucket.watchall()
    seen = await watcher.updates(timeout=5)
    await watcher.stop()
    assert seen is not None
    assert seen.key == "review.permit.k1"
    assert publisher.refused == []


@pytest.mark.parametrize(
    ("user", "subject"),
    [
        ("registry", "review.permit.granted.v1"),
        ("publisher", "review.permit.granted.v1"),
        ("micro_community", "publisher.mass_send.sent.v1"),
        ("registry", "$KV.keys.review.permit.k1"),
        ("registry", "$JS.API.STREAM.CREATE.MINE"),
        ("registry", "$JS.API.STREAM.DELETE.PUBLISHER"),
        ("registry", "$JS.API.STREAM.PURGE.PUBLISHER"),
        ("registry", "$JS.API.CONSUMER.CREATE.PUBLISHER.mine"),
        ("registry", f"$JS.API.CONSUMER.MSG.NEXT.PUBLISHER.{FOREIGN.name}"),
        ("registry", f"$JS.ACK.PUBLISHER.{FOREIGN.name}.1.1.1.1.0"),
    ],
)
async def test_what_a_service_may_not_publish(visitors: Visitors, user: str, subject: str) -> None:
    visitor = await visitors.enter(user)
    await visitor.client.publish(subject, b"{}")
    assert [f'permissions violation for publish to "{subject.lower()}"'] == [
        text.removeprefix("nats: ") for text in await visitor.settled()
    ]


@pytest.mark.parametrize("subject", ["_INBOX_publisher.>", "ask.publisher.>", "publisher.>", ">"])
async def test_what_a_service_may_not_hear(visitors: Visitors, subject: str) -> None:
    visitor = await visitors.enter("registry")
    await visitor.client.subscribe(subject)
    assert "permissions violation for subscription" in (await visitor.settled())[0]


async def test_acknowledged_events_outlive_a_killed_nats_server(own_nats: Nats) -> None:
    visitors = Visitors(own_nats)
    client = (await visitors.enter(PROVISION)).client
    await client.jetstream().add_stream(name="PUBLISHER", subjects=["publisher.*.*.*"])
    await client.jetstream().publish("publisher.mass_send.sent.v1", b"kept", headers={"Nats-Msg-Id": "e1"})
    await client.close()
    await own_nats.kill()
    await own_nats.start()
    client = (await visitors.enter(PROVISION)).client
    again = await client.jetstream().publish("publisher.mass_send.sent.v1", b"kept", headers={"Nats-Msg-Id": "e1"})
    assert again.duplicate
    assert (await client.jetstream().get_msg("PUBLISHER", 1)).data == b"kept"
    await visitors.leave()
