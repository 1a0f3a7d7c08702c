"""A process refuses to start on servers that are not prepared, and says so when they change under it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from kit.process import app_of
from kit.streams import StreamsMissing, drift, read_plan
from tests.integration.kit.consuming import CONSUMER, redelivered_after
from tests.integration.kit.spawned import spawned
from tests.integration.kit.toy import new_toy
from tests.support.services import Gateway, House, eventually


async def missing(gateway: Gateway) -> list[str]:
    answer = await gateway.http.get("/readyz")
    found: list[str] = answer.json()["missing"]
    assert answer.status_code == (503 if found else 200)
    assert answer.json()["ready"] is not bool(found)
    return found


async def until_missing(gateway: Gateway, expected: list[str]) -> None:
    async def look() -> bool:
        return await missing(gateway) == expected

    await eventually(look, f"readiness that says {expected}")


async def stream_is_gone(house: House) -> None:
    await house.connection.jetstream().delete_stream("REVIEW")


async def stream_is_shorter(house: House) -> None:
    (wanted,) = (stream for stream in read_plan(replicas=1).streams if stream.name == "REVIEW")
    await house.connection.jetstream().update_stream(replace(wanted, max_age=3600.0))


async def consumer_is_impatient(house: House) -> None:
    await redelivered_after(house, 2.0)


async def consumer_is_gone(house: House) -> None:
    await house.connection.jetstream().delete_consumer("PUBLISHER", CONSUMER)


CHANGES = [
    (stream_is_gone, "stream REVIEW: missing"),
    (stream_is_shorter, "stream REVIEW: max_age differs"),
    (consumer_is_impatient, f"consumer {CONSUMER}: ack_wait differs"),
    (consumer_is_gone, f"consumer {CONSUMER}: missing"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES)
async def test_what_changes_under_it_is_said_and_left_alone(
    house: House, change: Callable[[House], Awaitable[None]], said: str
) -> None:
    gateway = await house.start(new_toy())
    await until_missing(gateway, [])
    await change(house)
    await until_missing(gateway, [said])
    assert await drift(house.connection.jetstream(), read_plan(replicas=1), service="review") == [said]


@pytest.mark.parametrize(("change", "said"), CHANGES)
async def test_it_refuses_to_start_so(house: House, change: Callable[[House], Awaitable[None]], said: str) -> None:
    await change(house)
    service = new_toy()
    app = app_of(service, roles=("worker",), settings=house.settings(service))
    with pytest.raises(StreamsMissing, match=f"{said}. Run: guanwei streams apply"):
        async with app.router.lifespan_context(app):
            pytest.fail("it started")
    assert await drift(house.connection.jetstream(), read_plan(replicas=1), service="review") == [said]


async def test_the_process_that_refuses_ends_and_says_why(house: House) -> None:
    await stream_is_gone(house)
    async with spawned(house) as process:
        assert await process.child.wait() == 3
        assert "stream REVIEW: missing. Run: guanwei streams apply" in "\n".join(process.child.tail)


async def test_an_index_that_is_dropped_is_missed(house: House) -> None:
    gateway = await house.start(new_toy())
    await until_missing(gateway, [])
    await gateway.database["outbox"].drop_index("unsent")
    await until_missing(gateway, ["mongodb: index outbox.unsent"])


async def test_replicas_that_start_at_the_same_moment_all_start(house: House) -> None:
    gateways: list[Any] = await asyncio.gather(*(house.start(new_toy()) for _ in range(3)))
    for gateway in gateways:
        await until_missing(gateway, [])
