"""One sandbox process for all tests of publisher; every test has accounts of its own in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.integration.publisher.newsroom import Newsroom, start_newsroom
from tests.integration.sandbox.support import running_sandbox
from tests.support.services import House


@pytest.fixture(scope="session")
def sandbox_address() -> Iterator[str]:
    with running_sandbox() as address:
        yield address


@pytest.fixture
async def sandbox(sandbox_address: str) -> AsyncIterator[httpx.AsyncClient]:
    """The platform's control page; left without faults and with the settings that it had."""
    async with httpx.AsyncClient(base_url=sandbox_address, timeout=20, trust_env=False, verify=False) as http:
        before = (await http.get("/_control/settings")).json()
        yield http
        del before["clock_offset"]
        (await http.patch("/_control/settings", json=before)).raise_for_status()
        (await http.delete("/_control/faults")).raise_for_status()


@pytest.fixture
async def newsroom(house: House, sandbox: httpx.AsyncClient, tmp_path: Path) -> Newsroom:
    """Publisher, running."""
    return await start_newsroom(house, sandbox, tmp_path)
