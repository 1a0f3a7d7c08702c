"""Processes that are killed at an exact point: what was done is not done again, what was not is done."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from contracts.review import CaseVoided
from stack.servers import Mongod
from tests.integration.kit.consuming import consuming, effects, idle, redelivered_after, until_effects
from tests.integration.kit.spawned import spawned
from tests.integration.kit.toy import edited, new_toy, submitted
from tests.integration.kit.wire import Wire, wire_to
from tests.support.services import House, eventually

OPERATOR = ("operator", "/group")


def nats_port(house: House) -> int:
    return int(house.nats_server.url.rpartition(":")[2])


def by_wire(mongod: Mongod, wire: Wire) -> str:
    """Straight to the wire: as a member of a set the server would tell its own address."""
    there = mongod.admin_url.replace(f":{mongod.port}/", f":{wire.port}/")
    return there.replace("replicaSet=rs0", "directConnection=true")


async def write(house: House, http: httpx.AsyncClient, name: str) -> int:
    """One command, always with the same key; the answer's status."""
    headers = await house.headers(await house.token("p1", OPERATOR), key=f"key-of-{name}")
    return (await http.post(f"/review/counters/{name}", json={"by": 1}, headers=headers)).status_code


@pytest.mark.parametrize("remembers", [True, False], ids=["inbox", "control without the inbox"])
async def test_killed_after_the_effect_and_before_the_acknowledgement(house: House, remembers: bool) -> None:
    async with (
        wire_to(nats_port(house)) as wire,
        spawned(house, roles="worker", nats_url=f"nats://127.0.0.1:{wire.port}") as process,
    ):
        cut = wire.cut(b"$JS.ACK.PUBLISHER", delivered=False)
        await process.ready()
        await redelivered_after(house, 2.0)
        await house.publish(submitted("i"))
        await cut.happened.wait()
        await process.child.kill()
        assert await effects(house) == ["submitted"]
        if not remembers:
            for memory in ("inbox", "gates"):
                await house.database("review")[memory].delete_many({})
        async with consuming(house) as successor:
            await idle(house)
            assert await effects(house) == (["submitted"] if remembers else ["submitted", "submitted"])
            assert successor.duplicates() == (1 if remembers else 0)


async def test_killed_inside_the_transaction(house: House, tmp_path: Path) -> None:
    script = {"submitted:i": {"dies": str(tmp_path / "died")}}
    async with spawned(house, roles="worker", script=script) as process:
        await process.ready()
        await redelivered_after(house, 2.0)
        await house.publish(submitted("i"))
        await house.publish(edited("i", 2))
        assert await process.child.wait() == -9
    assert "submitted" not in await effects(house)
    async with consuming(house):
        # Whatever the dead one had locked is free after mongod's limit for transactions, 5 s.
        assert await until_effects(house, 2) == ["submitted", "edited-2"]
        await idle(house)
    assert await house.database("review")["parked"].count_documents({}) == 0


async def test_the_relay_is_killed_after_jetstream_stored_and_before_the_row_is_marked(house: House) -> None:
    outbox = house.database("review")["outbox"]
    async with (
        wire_to(nats_port(house)) as wire,
        spawned(house, nats_url=f"nats://127.0.0.1:{wire.port}") as process,
    ):
        cut = wire.cut(b"PUB review.case.voided", delivered=True)
        await process.ready()
        assert await write(house, process.http, "a") == 201
        await cut.happened.wait()
        await process.child.kill()
    assert await outbox.count_documents({"state": "pending"}) == 1
    assert len(await house.events(CaseVoided)) == 1
    successor = await house.start(new_toy())

    async def marked() -> bool:
        return await outbox.count_documents({"state": "sent"}) == 1

    await eventually(marked, "the row marked by the successor")
    assert await write(house, successor.http, "b") == 201

    async def both() -> bool:
        return await outbox.count_documents({"state": "sent"}) == 2

    await eventually(both, "the next event")
    assert [event.case_id for event in await house.events(CaseVoided)] == ["a", "b"]


async def test_the_answer_to_a_commit_is_lost_twice_and_the_command_takes_effect_once(
    house: House, mongod: Mongod
) -> None:
    async with wire_to(mongod.port) as wire:
        gateway = await house.start(new_toy(), roles=("http",), mongodb_url=by_wire(mongod, wire))
        cut = wire.cut(b"commitTransaction", delivered=True, closes=True, times=2)
        assert await write(house, gateway.http, "a") == 201
        assert cut.happened.is_set(), "the fault never happened"
        assert await write(house, gateway.http, "a") == 201
    row = await house.database("review")["counters"].find_one({"_id": "a"})
    assert row == {"_id": "a", "value": 1}
    assert await house.database("review")["outbox"].count_documents({}) == 1


async def test_killed_after_the_commit_the_repeated_request_gets_the_answer_of_the_first(
    house: House, mongod: Mongod
) -> None:
    async with (
        wire_to(mongod.port) as wire,
        spawned(house, roles="http", mongodb_url=by_wire(mongod, wire)) as process,
    ):
        await process.ready()
        cut = wire.cut(b"commitTransaction", delivered=True)
        asking = asyncio.create_task(write(house, process.http, "a"))
        await cut.happened.wait()
        await process.child.kill()
        with pytest.raises(httpx.TransportError):
            await asking
    counters = house.database("review")["counters"]
    assert await counters.find_one({"_id": "a"}) == {"_id": "a", "value": 1}
    successor = await house.start(new_toy(), roles=("http",))
    headers = await house.headers(await house.token("p1", OPERATOR), key="key-of-a")
    answer = await successor.http.post("/review/counters/a", json={"by": 1}, headers=headers)
    assert (answer.status_code, answer.json()) == (201, {"value": 1})
    assert await counters.find_one({"_id": "a"}) == {"_id": "a", "value": 1}
