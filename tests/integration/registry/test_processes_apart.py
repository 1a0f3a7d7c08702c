"""Registry as it is deployed: gateway and worker apart, with no more rights than their own database and NATS user."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from contracts.registry import RoleGranted, UnitEstablished
from services.registry.app import SERVICE
from tests.integration.registry.office import GROUP, Office, ok, open_office
from tests.support.services import Gateway, House

OWN = "registry"


@pytest.fixture
async def gateway(house: House) -> AsyncIterator[Office]:
    rights: dict[str, Any] = {"mongodb_url": house.mongod.url(OWN), "mongodb_database": OWN}
    yield await open_office(house, roles=("http",), **rights)
    for running in reversed(house.gateways):
        await running.stop()
    await house.mongo.drop_database(OWN)


async def worker(house: House) -> Gateway:
    rights: dict[str, Any] = {"mongodb_url": house.mongod.url(OWN), "mongodb_database": OWN}
    return await house.start(SERVICE, roles=("worker",), **rights)


async def test_what_the_gateway_decides_the_worker_publishes_when_it_comes(house: House, gateway: Office) -> None:
    body = {"path": GROUP, "name": "澜栎集团", "kind": "group", "standard_name": "澜栎集团"}
    made = ok(await gateway["founder"].post("/units", body))
    assert await house.events(UnitEstablished) == []
    running = await worker(house)
    assert (await house.event(UnitEstablished)).unit_id == made["unit_id"]
    assert len(await house.events(RoleGranted)) == 2
    ready = await running.http.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "missing": []})
    assert (await running.http.get("/registry/session")).status_code == 404
    ready = await gateway.gateway.http.get("/readyz")
    assert ready.status_code == 200, ready.text
