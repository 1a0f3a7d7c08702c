"""Fixtures: a real mongod and a real nats-server, started once per test process, and fresh ones for chaos.

    async def test_…(mongo_url, nats_server):
        client = connect(mongo_url("registry"), app="test")
        await nats.connect(nats_server.url, user="registry", password=nats_server.password("registry"),
                           inbox_prefix=inbox_prefix("registry"))

Tests that kill, freeze or restart a server take `own_mongod` or `own_nats`, which nobody else uses. A server that
cannot start is an error of the test run: nothing here skips.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stack.servers import Mongod, Nats, start_mongod, start_nats

MongoUrl = Callable[[str], str]


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Where the shared servers keep their data; a journal takes 300 MB, so it is removed at once, not by pytest."""
    folder = Path(tempfile.mkdtemp(prefix="guanwei-servers-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def mongod(server_folder: Path) -> Iterator[Mongod]:
    """The shared mongod: a replica set of one. Do not stop it; see `own_mongod`."""
    server = asyncio.run(start_mongod(server_folder))
    yield server
    asyncio.run(server.kill())


@pytest.fixture(scope="session")
def nats_server(server_folder: Path) -> Iterator[Nats]:
    """The shared nats-server, without streams, with the users and permissions of the product."""
    server = asyncio.run(start_nats(server_folder))
    yield server
    asyncio.run(server.kill())


@pytest.fixture(scope="session")
def mongo_url(mongod: Mongod) -> MongoUrl:
    """`mongo_url("registry")`: the connection string of that service's user, who has only that database."""
    return mongod.url


@pytest.fixture(scope="session")
def mongo_admin_url(mongod: Mongod) -> str:
    """The connection string of a user who may use any database: for tests that want one of their own."""
    return mongod.admin_url


@pytest.fixture(scope="session")
def nats_url(nats_server: Nats) -> str:
    return nats_server.url


@pytest.fixture
def own_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="guanwei-own-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own_mongod(own_folder: Path) -> Iterator[Mongod]:
    """A mongod for one test, to be killed, frozen or restarted at will."""
    server = asyncio.run(start_mongod(own_folder))
    yield server
    asyncio.run(server.kill())


@pytest.fixture
def own_nats(own_folder: Path) -> Iterator[Nats]:
    """A nats-server for one test, to be killed, frozen or restarted at will."""
    server = asyncio.run(start_nats(own_folder))
    yield server
    asyncio.run(server.kill())
