"""Two relays at once, as when a lease was lost unnoticed: each event is published once, in order, with one effect."""

from __future__ import annotations

import asyncio
import signal

from contracts.review import CaseVoided
from kit.clock import SystemClock
from kit.lease import Lease
from kit.metrics import new_metrics
from kit.relay import Relay
from kit.sending import Sender
from tests.integration.kit.spawned import spawned
from tests.integration.kit.toy import new_toy
from tests.support.services import Gateway, House, eventually

OPERATOR = ("operator", "/group")


async def write(house: House, gateway: Gateway, name: str, times: int = 1) -> None:
    token = await house.token("p1", OPERATOR)
    for _ in range(times):
        answer = await gateway.http.post(f"/review/counters/{name}", json={"by": 1}, headers=await house.headers(token))
        assert answer.status_code == 201, answer.text


async def published(house: House) -> dict[str, list[int]]:
    """Values of each counter, in the order of the stream."""
    found: dict[str, list[int]] = {}
    for event in await house.events(CaseVoided):
        found.setdefault(event.case_id, []).append(int(event.subject_id))
    return found


async def sent(house: House, count: int) -> None:
    async def look() -> bool:
        return await house.database("review")["outbox"].count_documents({"state": "sent"}) == count

    await eventually(look, f"{count} rows sent", seconds=30)


def relay(house: House, gateway: Gateway) -> Relay:
    return Relay(gateway.database, Sender(house.connection, "REVIEW"), SystemClock(), new_metrics())


async def test_both_believe_that_they_hold_the_lease(house: House) -> None:
    gateway = await house.start(new_toy(), roles=("http",))
    for name in "abcde":
        await write(house, gateway, name, 6)
    first, second = Lease(gateway.database, "relay"), Lease(gateway.database, "relay")
    assert await first.hold()
    await gateway.database["leases"].delete_one({"_id": "relay"})
    assert await second.hold()
    assert first.held and second.held
    await asyncio.gather(relay(house, gateway).drain(first), relay(house, gateway).drain(second))
    await sent(house, 30)
    assert await published(house) == {name: [1, 2, 3, 4, 5, 6] for name in "abcde"}


async def test_a_lease_that_ends_in_the_middle_of_a_batch_stops_it(house: House) -> None:
    gateway = await house.start(new_toy(), roles=("http",))
    await write(house, gateway, "a", 3)
    lease = Lease(gateway.database, "relay")
    assert not lease.held
    assert await relay(house, gateway).drain(lease) == 0
    assert await published(house) == {}
    assert await lease.hold()
    assert await relay(house, gateway).drain(lease) == 3
    assert await published(house) == {"a": [1, 2, 3]}


async def test_a_worker_that_is_frozen_past_its_lease_and_wakes_up(house: House) -> None:
    gateway = await house.start(new_toy(), roles=("http",))
    async with spawned(house, roles="worker") as frozen:
        await frozen.ready()
        await write(house, gateway, "a", 5)
        await sent(house, 5)
        frozen.child.send(signal.SIGSTOP)
        await write(house, gateway, "a", 5)
        assert await house.database("review")["outbox"].count_documents({"state": "pending"}) == 5
        await house.start(new_toy(), roles=("worker",))
        # The successor takes over when the lease has ended, by the database's clock.
        await sent(house, 10)
        frozen.child.send(signal.SIGCONT)
        await frozen.ready()
        await write(house, gateway, "a", 5)
        await sent(house, 15)
    assert await published(house) == {"a": list(range(1, 16))}
