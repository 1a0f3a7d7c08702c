"""Which servers a command works on: the ones named in the environment, else those of the stack that runs here."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

from kit.mongo import Database, connect
from stack.places import State
from stack.servers import SERVICES


class NothingToWorkOn(Exception):
    """No server is named and no stack runs here."""


@dataclass(frozen=True)
class Nats:
    url: str
    user: str
    password: str
    is_local: bool


def mongodb(service: str) -> tuple[str, str]:
    """Connection string and database of a service.

    From GUANWEI_MONGODB_URL and GUANWEI_MONGODB_DATABASE, as in the service's own environment.
    """
    url = os.environ.get("GUANWEI_MONGODB_URL")
    if url:
        return url, os.environ.get("GUANWEI_MONGODB_DATABASE") or service
    from stack.servers import Mongod

    state, addresses = _running()
    return Mongod(state, int(addresses["mongod"].rsplit(":", 1)[1]), SERVICES).url(service), service


@contextlib.asynccontextmanager
async def database(service: str) -> AsyncIterator[Database]:
    """A service's database, for as long as it is worked on."""
    url, name = mongodb(service)
    client = connect(url, app="guanwei-operations")
    try:
        yield client[name]
    finally:
        client.close()


def nats() -> Nats:
    """The events server, as the user who may provision.

    From GUANWEI_NATS_URL, GUANWEI_NATS_USER and GUANWEI_NATS_PASSWORD.
    """
    url = os.environ.get("GUANWEI_NATS_URL")
    if url:
        user, password = os.environ.get("GUANWEI_NATS_USER", ""), os.environ.get("GUANWEI_NATS_PASSWORD", "")
        return Nats(url, user, password, is_local=False)
    from stack.servers.permissions import PROVISION
    from stack.vault import Vault

    state, addresses = _running()
    return Nats(addresses["nats"], PROVISION, Vault(state.secrets).password(f"nats-{PROVISION}"), is_local=True)


def chosen(service: str | None) -> tuple[str, ...]:
    """The service asked for, the one that this environment belongs to, or all."""
    name = service or os.environ.get("GUANWEI_SERVICE")
    if name is None:
        return SERVICES
    if name not in SERVICES:
        raise NothingToWorkOn(f"there is no service {name}; there are {', '.join(SERVICES)}")
    return (name,)


def _running() -> tuple[State, dict[str, str]]:
    from stack.record import RECORD, read_record

    record = read_record(RECORD)
    if record is None:
        raise NothingToWorkOn(
            "no stack runs here: start one with ./guanwei up, or name the servers by GUANWEI_MONGODB_URL and"
            " GUANWEI_NATS_URL (with GUANWEI_NATS_USER and GUANWEI_NATS_PASSWORD)"
        )
    return State(record.root), record.addresses
