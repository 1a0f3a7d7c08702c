"""When a system has come to rest: nothing waits in any outbox, inbox, stream or document."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from nats.js import JetStreamContext

from contracts.envelope import CloudEvent
from kit.mongo import Client, Database, connect
from stack.chaos.report import Report
from stack.layout import Layout
from stack.parts.servers import own_mongod, own_nats
from stack.servers.permissions import PROVISION

_PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class Inside:
    """The servers seen from behind: as who owns them, not as a service."""

    mongo: Client
    jetstream: JetStreamContext

    def database(self, service: str) -> Database:
        return self.mongo[service]

    async def events(self, service: str) -> list[CloudEvent]:
        """Everything on the service's stream, in order."""
        stream = service.upper()
        found: list[CloudEvent] = []
        if (await self.jetstream.stream_info(stream)).state.messages == 0:
            return found
        reading = await self.jetstream.subscribe(f"{service}.>", stream=stream, ordered_consumer=True)
        try:
            while True:
                message = await reading.next_msg(timeout=30)
                found.append(CloudEvent.model_validate_json(message.data))
                if message.metadata.num_pending == 0:
                    return found
        finally:
            await reading.unsubscribe()


@contextlib.asynccontextmanager
async def inside(layout: Layout) -> AsyncIterator[Inside]:
    """Look at the servers of a stack from behind."""
    import nats

    server = own_nats(layout)
    client = await nats.connect(server.url, user=PROVISION, password=server.password(PROVISION))
    mongo = connect(own_mongod(layout).admin_url, app="guanwei-chaos")
    try:
        yield Inside(mongo, client.jetstream())
    finally:
        mongo.close()
        await client.close()


async def rest(look: Inside, services: tuple[str, ...], report: Report, *, seconds: float) -> None:
    """Wait until nothing waits any more; what still does after `seconds` is a violation, and so is a dead letter."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while waiting := await _waiting(look, services):
        if loop.time() > until:
            for what, count in waiting.items():
                report.found("unresolved", f"{count} {what} after {seconds:.0f} s", times=count)
            break
        await asyncio.sleep(_PAUSE_SECONDS)
    for service in services:
        async for letter in look.database(service)["dead_letters"].find({}, {"reason": 1, "error": 1}):
            report.found("unresolved", f"{service}: dead letter {letter['_id']}: {letter['reason']} {letter['error']}")


async def _waiting(look: Inside, services: tuple[str, ...]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for service in services:
        database = look.database(service)
        counts[f"{service}: rows of the outbox not sent"] = await database["outbox"].count_documents(
            {"state": {"$ne": "sent"}}
        )
        counts[f"{service}: events parked"] = await database["parked"].count_documents({})
        for name in await database.list_collection_names():
            if name != "outbox" and "unsent" in await database[name].index_information():
                unsent = await database[name].count_documents({"unsent_at": {"$exists": True}})
                counts[f"{service}: {name} with events inside"] = unsent
        for consumer in await look.jetstream.consumers_info(service.upper()):
            if (consumer.config.durable_name or "").split("-on-")[0].replace("-", "_") in services:
                held = (consumer.num_pending or 0) + (consumer.num_ack_pending or 0)
                counts[f"messages of {consumer.name} not acknowledged"] = held
    return {what: count for what, count in counts.items() if count}
