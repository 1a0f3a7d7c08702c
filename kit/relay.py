"""The relay: takes pending rows from the outbox to JetStream, in order per aggregate, one replica at a time.

A row is marked only after JetStream stored the event, so a crash in between publishes it again: the same
`Nats-Msg-Id` lets the server drop it within its window, and the receiver's inbox drops it for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

import structlog
from nats.errors import Error as NatsError
from opentelemetry.instrumentation.utils import suppress_instrumentation
from pymongo.errors import PyMongoError

from kit.clock import Clock
from kit.lease import Lease
from kit.metrics import Metrics
from kit.mongo import Database, Document
from kit.sending import Sender

BATCH = 300
POLL_SECONDS = 0.5
AWAIT_MS = 5_000
MAJORITY = {"level": "majority"}

log = structlog.get_logger("relay")


@dataclass
class Relay:
    """Runs until it is cancelled."""

    database: Database
    sender: Sender
    clock: Clock
    metrics: Metrics
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Publish whatever is pending, for ever. The change stream only shortens the wait; the rows are the truth."""
        lease = Lease(self.database, "relay")
        watcher = asyncio.create_task(self._watch())
        try:
            with suppress_instrumentation():
                while True:
                    moved = await self._turn(lease)
                    if not moved:
                        await self._pause()
        finally:
            watcher.cancel()
            with contextlib.suppress(PyMongoError):
                await asyncio.shield(lease.release())

    async def _turn(self, lease: Lease) -> int:
        try:
            if not await lease.hold():
                return 0
            return await self.drain(lease)
        except (PyMongoError, NatsError) as error:
            log.warning("relay_interrupted", error=repr(error))
            return 0

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.wake.wait(), POLL_SECONDS)
        self.wake.clear()

    async def drain(self, lease: Lease) -> int:
        """One batch. How many rows were published."""
        rows = await self._pending()
        self.metrics.outbox_pending.set(len(rows))
        oldest = (self.clock.now() - rows[0]["at"]).total_seconds() if rows else 0.0
        self.metrics.outbox_oldest_seconds.set(max(0.0, oldest))
        sent = await self.sender.send(rows, lambda: lease.held)
        for row, error in sent.refused:
            await self._refused(row, error)
        if sent.ids:
            change = {"$set": {"state": "sent", "sent_at": self.clock.now()}}
            await self.database["outbox"].update_many({"_id": {"$in": sent.ids}}, change)
        return len(sent.ids)

    async def _pending(self) -> list[Document]:
        outbox = self.database["outbox"]
        blocked = await outbox.distinct("aggregate", {"state": "failed"})
        query: dict[str, Any] = {"state": "pending"}
        if blocked:
            query["aggregate"] = {"$nin": blocked}
        return await outbox.find(query).sort([("at", 1), ("_id", 1)]).limit(BATCH).to_list(BATCH)

    async def _refused(self, row: Document, error: Exception) -> None:
        """Skipping it would break the aggregate's order: it stays, and holds back what follows it."""
        log.error("publish_refused", event_id=row["_id"], type=row["type"], error=repr(error))
        change = {"$set": {"state": "failed", "error": repr(error)}}
        await self.database["outbox"].update_one({"_id": row["_id"]}, change)

    async def _watch(self) -> None:
        with suppress_instrumentation():
            while True:
                try:
                    await self._wake_on_inserts()
                except PyMongoError as error:
                    log.info("outbox_watch_interrupted", error=repr(error))
                await asyncio.sleep(POLL_SECONDS)

    async def _wake_on_inserts(self) -> None:
        """A change stream, read by the batch: that something came is all there is to know, and the driver's own cursor
        takes a thread's turn for each row."""
        look: list[Document] = [
            {"$changeStream": {}},
            {"$match": {"operationType": "insert"}},
            {"$project": {"_id": 1}},
        ]
        async with await self.database.client.start_session() as session:
            opened = await self.database.command(
                {"aggregate": "outbox", "pipeline": look, "cursor": {}, "readConcern": MAJORITY}, session=session
            )
            more = {"getMore": opened["cursor"]["id"], "collection": "outbox", "maxTimeMS": AWAIT_MS}
            while True:
                found = await self.database.command(more, session=session)
                if found["cursor"]["nextBatch"]:
                    self.wake.set()
