"""`guanwei streams`: provision NATS, or say how it differs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import nats
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from kit.streams import Plan, drift, read_plan
from kit.streams import apply as apply_plan
from stack.operations import access
from stack.operations.running import run


def apply(replicas: int | None) -> int:
    return run(_apply(replicas))


def check(replicas: int | None, as_json: bool) -> int:
    return run(_check(replicas, as_json))


async def _apply(replicas: int | None) -> int:
    async with _provisioning(replicas) as (jetstream, plan):
        for line in await apply_plan(jetstream, plan):
            print(line)
    return 0


async def _check(replicas: int | None, as_json: bool) -> int:
    async with _provisioning(replicas) as (jetstream, plan):
        found = await drift(jetstream, plan)
    if as_json:
        print(json.dumps({"drift": found}))
    else:
        print("\n".join(found) or "streams, consumers and bucket are as they should be")
    return 1 if found else 0


async def _unspoken(_error: Exception) -> None:
    """What goes wrong is raised by the call that it happens in; the client would print it once more."""


@contextlib.asynccontextmanager
async def _provisioning(replicas: int | None) -> AsyncIterator[tuple[JetStreamContext, Plan]]:
    server = access.nats()
    login = {"user": server.user, "password": server.password} if server.user else {}
    try:
        client = await nats.connect(server.url, allow_reconnect=False, connect_timeout=3, error_cb=_unspoken, **login)
    except (OSError, NatsError) as error:
        # Without the name and password that an address may carry.
        where = urlsplit(server.url).netloc.rpartition("@")[2]
        raise access.NothingToWorkOn(f"NATS at {where}: {str(error) or type(error).__name__}") from error
    try:
        yield client.jetstream(), read_plan(replicas=replicas or (1 if server.is_local else None))
    finally:
        await client.close()
