"""The relay: takes pending rows from the outbox to JetStream, in order per aggregate, one replica at a time.

A row is marked only after JetStream stored the event, so a crash in between publishes it again: the same
`Nats-Msg-Id` lets the server drop it within its window, and the receiver's inbox drops it for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import structlog
from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from nats.js import JetStreamContext
from nats.js.errors import APIError, NoStreamResponseError
from opentelemetry import propagate, trace
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.trace import SpanKind
from pymongo.errors import PyMongoError

from contracts.envelope import CONTENT_TYPE
from kit.clock import Clock
from kit.lease import Lease
from kit.metrics import Metrics
from kit.mongo import Database, Document

BATCH = 300
IN_FLIGHT = 32
ACK_SECONDS = 5.0
POLL_SECONDS = 0.5
AWAIT_MS = 5_000
MAJORITY = {"level": "majority"}
REFUSED_FOR_GOOD = range(400, 500)

log = structlog.get_logger("relay")
tracer = trace.get_tracer("kit.relay")


@dataclass
class Relay:
    """Runs until it is cancelled. `stream` is the service's own stream."""

    database: Database
    jetstream: JetStreamContext
    stream: str
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
        groups: defaultdict[str, list[Document]] = defaultdict(list)
        for row in rows:
            groups[row["aggregate"]].append(row)
        slots = asyncio.Semaphore(IN_FLIGHT)
        published = await asyncio.gather(*(self._publish_group(g, lease, slots) for g in groups.values()))
        sent = [event_id for group in published for event_id in group]
        if sent:
            change = {"$set": {"state": "sent", "sent_at": self.clock.now()}}
            await self.database["outbox"].update_many({"_id": {"$in": sent}}, change)
        return len(sent)

    async def _pending(self) -> list[Document]:
        outbox = self.database["outbox"]
        blocked = await outbox.distinct("aggregate", {"state": "failed"})
        query: dict[str, Any] = {"state": "pending"}
        if blocked:
            query["aggregate"] = {"$nin": blocked}
        return await outbox.find(query).sort([("at", 1), ("_id", 1)]).limit(BATCH).to_list(BATCH)

    async def _publish_group(self, rows: list[Document], lease: Lease, slots: asyncio.Semaphore) -> list[str]:
        """Publish one aggregate's rows in order; stop at the first that does not get through."""
        done: list[str] = []
        for row in sorted(rows, key=lambda row: row["aggver"]):
            async with slots:
                if not lease.held or not await self._publish(row):
                    break
            done.append(row["_id"])
        return done

    async def _publish(self, row: Document) -> bool:
        parent = propagate.extract({"traceparent": row["traceparent"]} if row.get("traceparent") else {})
        with tracer.start_as_current_span(f"publish {row['type']}", context=parent, kind=SpanKind.PRODUCER) as span:
            span.set_attribute("messaging.message.id", row["_id"])
            headers = {"Nats-Msg-Id": row["_id"], "Content-Type": CONTENT_TYPE}
            propagate.inject(headers)
            try:
                await self.jetstream.publish(
                    row["type"], row["body"].encode(), timeout=ACK_SECONDS, stream=self.stream, headers=headers
                )
            except (MaxPayloadError, APIError) as error:
                return await self._refused(row, error)
            except (NatsError, NoStreamResponseError, TimeoutError) as error:
                log.warning("publish_failed", event_id=row["_id"], type=row["type"], error=repr(error))
                return False
        return True

    async def _refused(self, row: Document, error: MaxPayloadError | APIError) -> bool:
        for_good = isinstance(error, MaxPayloadError) or (error.code or 0) in REFUSED_FOR_GOOD
        log.error("publish_refused", event_id=row["_id"], type=row["type"], error=repr(error), for_good=for_good)
        if for_good:
            # Skipping it would break the aggregate's order: it stays, and holds back what follows it.
            change = {"$set": {"state": "failed", "error": repr(error)}}
            await self.database["outbox"].update_one({"_id": row["_id"]}, change)
        return False

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
