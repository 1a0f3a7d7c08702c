"""mongod, nats-server, and the streams on it: our own, or the ones the user named."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

from stack.layout import Layout
from stack.readiness import NotReady, until
from stack.servers import SERVICES, Mongod, Nats, NatsPorts
from stack.servers.permissions import PROVISION
from stack.supervisor import Part

_SERIOUS_MONGOD = re.compile(r'"s":"[EF]"')
_SERIOUS_NATS = re.compile(r"\[(ERR|FTL)\]")


def own_mongod(layout: Layout) -> Mongod:
    return Mongod(layout.state, layout.ports["mongod"], SERVICES)


def own_nats(layout: Layout) -> Nats:
    ports = NatsPorts(layout.ports["nats"], layout.ports["nats_monitor"])
    return Nats(layout.state, ports, SERVICES)


def mongod(layout: Layout) -> Part:
    """The database server; with GUANWEI_MONGODB_URL only a check that it answers."""
    if layout.outside_mongodb:
        return Part("mongod", ready=lambda: _answers_mongodb(layout.outside_mongodb))
    server = own_mongod(layout)
    return Part(
        "mongod", server.launch, server.prepare, shown=lambda line: line if _SERIOUS_MONGOD.search(line) else None
    )


def nats(layout: Layout) -> Part:
    """The event server; with GUANWEI_NATS_URL only a check that it answers."""
    if layout.outside_nats:
        return Part("nats", ready=lambda: _answers_nats(layout.outside_nats))
    server = own_nats(layout)
    return Part("nats", server.launch, server.prepare, shown=lambda line: line if _SERIOUS_NATS.search(line) else None)


def streams(layout: Layout) -> Part:
    """Streams, consumers and the bucket of public keys."""
    return Part("streams", ready=lambda: _apply_streams(layout), needs=("nats",))


async def _apply_streams(layout: Layout) -> None:
    from nats import connect

    from kit.streams import apply, read_plan

    server = own_nats(layout)
    login = {} if layout.outside_nats else {"user": PROVISION, "password": server.password(PROVISION)}
    client = await connect(layout.outside_nats or server.url, **login)
    try:
        await apply(client.jetstream(), read_plan(replicas=1))
    finally:
        await client.close()


async def _answers_mongodb(url: str) -> None:
    from pymongo import AsyncMongoClient
    from pymongo.errors import PyMongoError

    async def ping() -> None:
        async with AsyncMongoClient[dict[str, object]](url, serverSelectionTimeoutMS=3000) as client:
            try:
                await client.admin.command("ping")
            except PyMongoError as error:
                raise NotReady(f"GUANWEI_MONGODB_URL: {error}") from error

    await until(ping, 5.0)


async def _answers_nats(url: str) -> None:
    from nats import connect
    from nats.errors import Error

    async def unspoken(_error: Exception) -> None:
        """It is raised as well."""

    async def greet() -> None:
        # First by hand: nats-py tries for ever where nobody listens, and does not say so.
        where = urlsplit(url.split(",")[0])
        try:
            _, writer = await asyncio.open_connection(where.hostname, where.port or 4222)
            writer.close()
            client = await connect(
                url, allow_reconnect=False, max_reconnect_attempts=0, connect_timeout=3, error_cb=unspoken
            )
        except (Error, OSError) as error:
            raise NotReady(f"GUANWEI_NATS_URL: {str(error) or type(error).__name__}") from error
        await client.close()

    await until(greet, 5.0)
