"""SIGTERM: what was accepted is finished, what was not is refused, and no message is lost."""

from __future__ import annotations

import asyncio
import signal

import httpx

from contracts.review import CaseVoided
from kit.ids import new_id
from tests.integration.kit.consuming import CONSUMER, consuming, effects, idle
from tests.integration.kit.spawned import Spawned, spawned
from tests.integration.kit.toy import edited, new_toy, submitted
from tests.support.services import House, eventually

OPERATOR = ("operator", "/group")
WRITERS = 8


async def write_on(house: House, process: Spawned, writer: int, told: list[str], cut_off: list[str]) -> None:
    """One command after the other until nobody accepts any more. What was cut off in the middle is a fault."""
    headers = await house.headers(await house.token("p1", OPERATOR))
    while True:
        name = f"w{writer}-{len(told)}-{new_id()[-6:]}"
        try:
            answer = await process.http.post(
                f"/review/counters/{name}", json={"by": 1}, headers={**headers, "Idempotency-Key": name}
            )
        except httpx.ConnectError:
            return
        except httpx.TransportError as error:
            cut_off.append(f"{name}: {error!r}")
            return
        if answer.status_code == 201:
            told.append(name)


async def test_no_accepted_request_is_lost(house: House) -> None:
    told: list[str] = []
    cut_off: list[str] = []
    async with spawned(house, script={"count:slow": {"seconds": 1.5}}) as process:
        await process.ready()
        writing = [asyncio.create_task(write_on(house, process, n, told, cut_off)) for n in range(WRITERS)]

        async def under_way() -> bool:
            return len(told) >= 3 * WRITERS

        await eventually(under_way, "some load")
        headers = await house.headers(await house.token("p1", OPERATOR))
        slow = asyncio.create_task(process.http.post("/review/counters/slow", json={"by": 1}, headers=headers))

        async def in_flight() -> bool:
            return len(told) >= 6 * WRITERS

        await eventually(in_flight, "more load beside the slow request")
        assert not slow.done()
        process.child.send(signal.SIGTERM)
        assert await asyncio.wait_for(process.child.wait(), 30) == -signal.SIGTERM
        await asyncio.gather(*writing)
        assert (await slow).status_code == 201
    stored = {row["_id"] async for row in house.database("review")["counters"].find({"value": 1})}
    assert {*told, "slow"} <= stored
    # An idle connection may be closed under a request that was just sent; that one was not accepted.
    assert not {line.partition(":")[0] for line in cut_off} & stored, cut_off
    await house.start(new_toy())

    async def published() -> bool:
        return {event.case_id for event in await house.events(CaseVoided)} == stored

    await eventually(published, "every command's event")
    assert len(await house.events(CaseVoided)) == len(stored)


async def test_a_handler_under_way_finishes_and_the_rest_waits_for_the_next_process(house: House) -> None:
    script = {"submitted:i": {"seconds": 2.0}}
    async with spawned(house, roles="worker", script=script, delivery_workers=1) as process:
        await process.ready()
        await house.publish(submitted("i"))
        for version in range(2, 6):
            await house.publish(edited("i", version))

        async def begun() -> bool:
            info = await house.connection.jetstream().consumer_info("PUBLISHER", CONSUMER)
            return bool(info.num_ack_pending)

        await eventually(begun, "a handler under way")
        process.child.send(signal.SIGTERM)
        assert await asyncio.wait_for(process.child.wait(), 30) == -signal.SIGTERM
        assert (await effects(house))[:1] == ["submitted"]
    async with consuming(house):
        await idle(house)
    assert await effects(house) == ["submitted", *(f"edited-{version}" for version in range(2, 6))]
