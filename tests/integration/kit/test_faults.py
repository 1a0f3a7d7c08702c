"""What the kit promises when something dies: servers of one's own, really killed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from contracts.review import CaseVoided
from kit.clock import SystemClock
from kit.lease import Lease
from kit.metrics import new_metrics
from kit.relay import Relay
from kit.sending import Sender
from stack.servers import Mongod, Nats
from tests.integration.kit.toy import edited, new_toy, submitted
from tests.support.services import Gateway, House, eventually, open_house

OPERATOR = ("operator", "/group")


async def write_until_told(gateway: Gateway, house: House, over: asyncio.Event) -> list[str]:
    """Write one counter after the other, each retried with its key as a browser would; the acknowledged ones."""
    token = await house.token("p1", OPERATOR)
    acknowledged: list[str] = []
    while not over.is_set():
        name = f"c{len(acknowledged)}"
        headers = await house.headers(token)
        while True:
            try:
                answer = await gateway.http.post(f"/review/counters/{name}", json={"by": 1}, headers=headers)
            except httpx.TransportError:
                continue
            if answer.status_code == 201:
                acknowledged.append(name)
                break
            assert answer.status_code == 503, answer.text
    return acknowledged


async def published(house: House) -> list[str]:
    return [event.case_id for event in await house.events(CaseVoided)]


async def check_nothing_lost_nothing_twice(house: House, gateway: Gateway, acknowledged: list[str]) -> None:
    async def look() -> bool:
        return set(acknowledged) <= set(await published(house))

    await eventually(look, "every acknowledged command's event", seconds=40)
    rows = {row["_id"]: row["value"] async for row in gateway.database["counters"].find()}
    assert {name: rows[name] for name in acknowledged} == dict.fromkeys(acknowledged, 1)
    names = [name for name in await published(house) if name in rows]
    assert len(names) == len(set(names)), "an event stands twice on the stream"


async def test_mongod_killed_under_load_loses_nothing(own_mongod: Mongod, nats_server: Nats, tmp_path: Path) -> None:
    async with open_house(own_mongod, nats_server, tmp_path) as house:
        gateway = await house.start(new_toy())
        over = asyncio.Event()
        writing = asyncio.create_task(write_until_told(gateway, house, over))
        for _ in range(2):
            await _progress(gateway)
            await own_mongod.kill()
            await own_mongod.start()
        await _progress(gateway)
        over.set()
        await check_nothing_lost_nothing_twice(house, gateway, await writing)


async def test_nats_killed_under_load_loses_nothing(mongod: Mongod, own_nats: Nats, tmp_path: Path) -> None:
    async with open_house(mongod, own_nats, tmp_path) as house:
        gateway = await house.start(new_toy())
        over = asyncio.Event()
        writing = asyncio.create_task(write_until_told(gateway, house, over))
        for _ in range(2):
            await _progress(gateway)
            await own_nats.kill()
            await _progress(gateway)
            await own_nats.start()
        over.set()
        await check_nothing_lost_nothing_twice(house, gateway, await writing)


async def _progress(gateway: Gateway, by: int = 10) -> None:
    before = await gateway.database["counters"].count_documents({})

    async def look() -> bool:
        return await gateway.database["counters"].count_documents({}) >= before + by

    await eventually(look, f"{by} more commands", seconds=40)


async def test_events_are_handled_once_although_nats_dies_before_the_acknowledgement(
    mongod: Mongod, own_nats: Nats, tmp_path: Path
) -> None:
    async with open_house(mongod, own_nats, tmp_path) as house:
        gateway = await house.start(new_toy())
        await house.publish(submitted("i"))
        for version in range(2, 12):
            await house.publish(edited("i", version))
        await own_nats.kill()
        await own_nats.start()

        async def look() -> bool:
            return await gateway.database["applied"].count_documents({}) == 11

        await eventually(look, "all eleven effects", seconds=45)
        order = [row["what"] async for row in gateway.database["applied"].find().sort("_id", 1)]
        assert order == ["submitted"] + [f"edited-{version}" for version in range(2, 12)]


async def test_a_relay_that_dies_between_publishing_and_marking_publishes_once(house: House) -> None:
    gateway = await house.start(new_toy(), roles=("http",))
    token = await house.token("p1", OPERATOR)
    for name in "abc":
        await gateway.http.post(f"/review/counters/{name}", json={"by": 1}, headers=await house.headers(token))
    relay = Relay(gateway.database, Sender(house.connection, "REVIEW"), SystemClock(), new_metrics())
    lease = Lease(gateway.database, "relay")
    assert await lease.hold()
    assert await relay.drain(lease) == 3
    # As after a kill before the rows were marked: JetStream has the events, the outbox does not know.
    await gateway.database["outbox"].update_many({}, {"$set": {"state": "pending"}, "$unset": {"sent_at": ""}})
    assert await relay.drain(lease) == 3
    assert sorted(await published(house)) == ["a", "b", "c"]
    assert await gateway.database["outbox"].count_documents({"state": "sent"}) == 3


async def test_only_one_replica_holds_a_lease_and_another_follows_its_death(house: House) -> None:
    database = house.database("review")
    first, second = Lease(database, "relay", seconds=0.4), Lease(database, "relay", seconds=0.4)
    assert await first.hold()
    assert not await second.hold()
    assert first.held
    assert await first.hold()

    async def expired() -> bool:
        return await second.hold()

    await eventually(expired, "the lease passing on")
    assert not await first.hold()
    await second.release()
    assert await first.hold()


async def test_an_event_that_the_server_refuses_for_good_holds_back_its_own_aggregate_only(house: House) -> None:
    gateway = await house.start(new_toy(), roles=("http",))
    token = await house.token("p1", OPERATOR)
    for name in "aab":
        await gateway.http.post(f"/review/counters/{name}", json={"by": 1}, headers=await house.headers(token))
    outbox = gateway.database["outbox"]
    await outbox.update_one({"aggregate": "case/a", "aggver": 1}, {"$set": {"body": "x" * 1_200_000}})
    relay = Relay(gateway.database, Sender(house.connection, "REVIEW"), SystemClock(), new_metrics())
    lease = Lease(gateway.database, "relay")
    await lease.hold()
    await relay.drain(lease)
    await relay.drain(lease)
    assert await published(house) == ["b"]
    states = {(row["aggregate"], row["aggver"]): row["state"] async for row in outbox.find()}
    assert states == {("case/a", 1): "failed", ("case/a", 2): "pending", ("case/b", 1): "sent"}
