"""A server is away for long: the process stays alive and idle, says what is missing, and goes on when it is back."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx
import pytest

from contracts.review import CaseVoided
from kit.bus import EXIT_CODE
from stack.servers import Mongod, Nats
from tests.integration.kit.consuming import until_effects
from tests.integration.kit.spawned import Spawned, spawned
from tests.integration.kit.toy import new_toy, submitted
from tests.support.services import House, eventually, open_house

OPERATOR = ("operator", "/group")
AWAY_SECONDS = 4.0
MOST_CPU = 0.5
"""Of one core, over the absence; a loop that spins takes all of one."""


async def write(house: House, http: httpx.AsyncClient, name: str) -> httpx.Response:
    headers = await house.headers(await house.token("p1", OPERATOR), key=f"key-of-{name}")
    return await http.post(f"/review/counters/{name}", json={"by": 1}, headers=headers)


async def idleness(process: Spawned, seconds: float) -> tuple[float, float]:
    """Share of a core that it used, and the slowest answer of /livez, over so many seconds."""
    began, used, slowest = time.monotonic(), process.cpu_seconds(), 0.0
    while time.monotonic() - began < seconds:
        asked_at = time.monotonic()
        assert (await process.http.get("/livez")).status_code == 200
        slowest = max(slowest, time.monotonic() - asked_at)
        await asyncio.sleep(0.1)
    return (process.cpu_seconds() - used) / (time.monotonic() - began), slowest


async def says(process: Spawned, part: str) -> None:
    async def look() -> bool:
        status, missing = await process.readiness()
        return status == 503 and any(one.startswith(part) for one in missing)

    await eventually(look, f"readiness that names {part}", seconds=20)


async def test_nats_away(mongod: Mongod, own_nats: Nats, tmp_path: Path) -> None:
    async with open_house(mongod, own_nats, tmp_path) as house, spawned(house) as process:
        await process.ready()
        await house.token("p1", OPERATOR)
        assert (await write(house, process.http, "a")).status_code == 201
        await own_nats.kill()
        await says(process, "nats")
        cpu, slowest = await idleness(process, AWAY_SECONDS)
        assert cpu < MOST_CPU
        assert slowest < 2.0
        assert (await write(house, process.http, "b")).status_code == 201
        assert process.child.returncode is None
        await own_nats.start()
        await process.ready()
        await house.event(CaseVoided, lambda event: event.case_id == "b")
        await house.publish(submitted("i"))
        assert await until_effects(house, 1) == ["submitted"]


async def test_mongod_away(own_mongod: Mongod, nats_server: Nats, tmp_path: Path) -> None:
    async with open_house(own_mongod, nats_server, tmp_path) as house, spawned(house) as process:
        await process.ready()
        await own_mongod.kill()
        await says(process, "mongodb")
        asked_at = time.monotonic()
        refused = await write(house, process.http, "a")
        assert (refused.status_code, refused.json()["code"]) == (503, "store.unavailable")
        assert refused.headers["retry-after"] == "2"
        assert time.monotonic() - asked_at < 15
        await house.publish(submitted("i"))
        cpu, slowest = await idleness(process, AWAY_SECONDS)
        assert cpu < MOST_CPU
        assert slowest < 2.0
        await own_mongod.start()
        await process.ready()
        assert (await write(house, process.http, "a")).status_code == 201
        assert await until_effects(house, 1) == ["submitted"]
        assert await house.database("review")["dead_letters"].count_documents({}) == 0


async def test_mongod_frozen_bounds_every_request(own_mongod: Mongod, nats_server: Nats, tmp_path: Path) -> None:
    async with open_house(own_mongod, nats_server, tmp_path) as house, spawned(house, roles="http") as process:
        await process.ready()
        assert (await write(house, process.http, "a")).status_code == 201
        own_mongod.freeze()
        try:
            asked_at = time.monotonic()
            process.http.timeout = httpx.Timeout(40)
            answer = await write(house, process.http, "b")
            took = time.monotonic() - asked_at
        finally:
            own_mongod.thaw()
        assert (answer.status_code, answer.json()["code"]) == (503, "store.unavailable")
        assert took < 25
        assert (await write(house, process.http, "b")).status_code == 201
        row = await house.database("review")["counters"].find_one({"_id": "b"})
        assert row == {"_id": "b", "value": 1}


async def test_a_nats_that_does_not_admit_us_for_a_while(mongod: Mongod, own_nats: Nats, tmp_path: Path) -> None:
    async with open_house(mongod, own_nats, tmp_path) as house:
        async with spawned(house) as process:
            await process.ready()
            secret = own_nats.state.secrets / "nats-review.password"
            password = secret.read_text()
            await own_nats.kill()
            secret.write_text("p" + "0" * 40)
            await own_nats.start()
            await says(process, "nats")
            cpu, slowest = await idleness(process, AWAY_SECONDS)
            assert cpu < MOST_CPU
            assert slowest < 2.0
            secret.write_text(password)
            await own_nats.restart()
            # The consumers' connection has died of the refusal. That must not go unnoticed.
            await says(process, "nats: the consumers' connection")
            assert await asyncio.wait_for(process.child.wait(), 30) == EXIT_CODE
        await house.publish(submitted("i"))
        await house.start(new_toy())
        assert await until_effects(house, 1) == ["submitted"]


async def test_a_connection_that_is_closed_for_good_ends_the_process(house: House) -> None:
    async with spawned(house, script={"count:a": {"closes": True}}) as process:
        await process.ready()
        with pytest.raises(httpx.TransportError):
            await write(house, process.http, "a")
        assert await asyncio.wait_for(process.child.wait(), 10) == EXIT_CODE
        assert any("nats_connection_closed" in line for line in process.child.tail)
