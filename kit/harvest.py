"""The harvest: takes events out of the documents that carry them (`kit.embedded`), one replica at a time.

It publishes the events, then applies what follows from them for many documents in one transaction, which also takes
them out of the documents: each is projected once, or not yet. What could not be published goes to the outbox in that
transaction, and leaves by the relay.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from opentelemetry.instrumentation.utils import suppress_instrumentation
from pymongo.errors import PyMongoError

from kit.carriers import Carrier, Changed, Harvested, clear
from kit.lease import Lease
from kit.mongo import Document
from kit.sending import Sender
from kit.transaction import Store, Tx

BATCH = 200
POLL_SECONDS = 0.5
GATHER_SECONDS = 0.03
BUSY_SECONDS = 0.12
SEND_SECONDS = 2.0
BUSY = 8
"""So many documents in one batch: the next is waited for `BUSY_SECONDS`."""

log = structlog.get_logger("harvest")


@dataclass
class Harvest:
    """Runs until it is cancelled. `project` works in the transaction; `announce` is told its answer afterwards."""

    store: Store
    collections: tuple[str, ...]
    project: Callable[[Tx, Harvested], Awaitable[Any]]
    announce: Callable[[Any], Awaitable[None]]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _hinted: set[str] = field(default_factory=set)
    _looked_at: float = float("-inf")
    sender: Sender | None = None
    """Publishes the events at once, and only what does not get through goes by the outbox; None: everything does."""
    _behind: bool = True
    """Something waits in the outbox, or may."""
    refused: set[str] = field(default_factory=set)
    """Documents whose events cannot be projected: a bug. They wait for a restart and hold nobody else up."""

    def hint(self, collection: str) -> None:
        """Something was stored there: look at once. Hints only shorten the wait; polling by state is the truth."""
        self._hinted.add(collection)
        self.wake.set()

    async def run(self) -> None:
        """Harvest for ever."""
        lease = Lease(self.store.database, "harvest")
        try:
            with suppress_instrumentation():
                while True:
                    moved = await self._turn(lease)
                    if moved < BATCH:
                        await self._pause(BUSY_SECONDS if moved >= BUSY else GATHER_SECONDS)
                    elif self._behind:  # the relay is given its turn: else what it has left keeps us behind
                        await asyncio.sleep(GATHER_SECONDS)
        finally:
            with contextlib.suppress(PyMongoError):
                await asyncio.shield(lease.release())

    async def harvest(self) -> int:
        """One batch. How many documents were harvested."""
        found = await asyncio.gather(*(self._waiting(name) for name in self._due()))
        waiting = [carrier for carriers in found for carrier in carriers]
        waiting = sorted(waiting, key=lambda carrier: carrier.document["unsent_at"])[:BATCH]
        if not waiting:
            return 0
        gone = await self._publish([row for carrier in waiting for row in carrier.document["unsent"]])
        try:
            await self._apply(waiting, gone)
        except Changed:
            # Without what changes all the time: it has its turn when it is harvested as it was read.
            waiting = [carrier for name in self.collections for carrier in await self._unchanged(name, waiting)]
            try:
                await self._apply(waiting, gone)
            except Changed:
                waiting = []
            self.wake.set()
        return len(waiting)

    async def _unchanged(self, name: str, carriers: list[Carrier]) -> list[Carrier]:
        own = {carrier.document["_id"]: carrier for carrier in carriers if carrier.collection == name}
        query = {"_id": {"$in": list(own)}, "unsent_at": {"$exists": True}}
        rows = await self.store.database[name].find(query, {"aggver": 1}).to_list(None) if own else []
        return [own[row["_id"]] for row in rows if own[row["_id"]].document["aggver"] == row["aggver"]]

    async def _apply(self, carriers: list[Carrier], gone: frozenset[str]) -> None:
        try:
            await self._move(carriers, gone)
        except (PyMongoError, Changed):
            raise
        except Exception:
            log.exception("projection_failed", documents=len(carriers))
            await self._one_by_one(carriers, gone)

    def _due(self) -> tuple[str, ...]:
        """What was hinted at; and every `POLL_SECONDS` everything, however busy some collections are."""
        hinted, self._hinted = self._hinted, set()
        now = time.monotonic()
        if hinted and hinted <= set(self.collections) and now - self._looked_at < POLL_SECONDS:
            return tuple(sorted(hinted))
        self._looked_at = now
        return self.collections

    async def _turn(self, lease: Lease) -> int:
        try:
            if not lease.held:
                self._behind |= lease.over  # whoever had it may have left rows
                if not await lease.hold():
                    return 0
            return await self.harvest()
        except PyMongoError as error:
            log.warning("harvest_interrupted", error=repr(error))
            return 0

    async def _pause(self, gathering: float) -> None:
        """Until there is something. Alone it is served at once; under load some is gathered: a batch costs as much
        as its documents."""
        ended_at = time.monotonic()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.wake.wait(), POLL_SECONDS)
        await asyncio.sleep(max(0.0, ended_at + gathering - time.monotonic()))
        self.wake.clear()

    async def _waiting(self, name: str) -> list[Carrier]:
        query: Document = {"unsent_at": {"$exists": True}}
        if self.refused:
            query["_id"] = {"$nin": sorted(self.refused)}
        rows = self.store.database[name].find(query).sort([("unsent_at", 1)]).limit(BATCH)
        return [Carrier(name, row) for row in await rows.to_list(BATCH)]

    async def _publish(self, rows: list[Document]) -> frozenset[str]:
        """Ids of the rows that are published. The others go by the outbox; and so does everything as long as something
        waits there, which may have to come first."""
        if self.sender is None:
            return frozenset()
        if self._behind:
            outbox = self.store.database["outbox"]
            # Sorted as its index is: the planner would look through all that was ever sent.
            pending = outbox.find_one({"state": "pending"}, {"_id": 1}, sort=[("at", 1), ("_id", 1)])
            self._behind = any([await pending, await outbox.find_one({"state": "failed"}, {"_id": 1})])
        if self._behind:
            return frozenset()
        until = time.monotonic() + SEND_SECONDS
        try:
            sent = frozenset((await self.sender.send(rows, lambda: time.monotonic() < until, SEND_SECONDS)).ids)
        except Exception:
            log.exception("events_not_sent", events=len(rows))
            sent = frozenset()
        self._behind = len(sent) < len(rows)
        return sent

    async def _one_by_one(self, carriers: list[Carrier], gone: frozenset[str]) -> None:
        for carrier in carriers:
            try:
                await self._move([carrier], gone)
            except Changed:
                continue
            except PyMongoError:
                raise
            except Exception:
                key = carrier.document["_id"]
                log.exception("document_not_projected", collection=carrier.collection, document_id=key)
                self.refused.add(key)

    async def _move(self, carriers: list[Carrier], gone: frozenset[str]) -> None:
        if not carriers:
            return
        carriers.sort(key=lambda carrier: carrier.document["unsent"][0]["at"])
        rows = [row for carrier in carriers for row in carrier.document["unsent"] if row["_id"] not in gone]

        async def work(tx: Tx) -> Any:
            for carrier in carriers:
                carrier.change = {}
            result = await self.project(tx, carriers)
            for name in dict.fromkeys(carrier.collection for carrier in carriers):
                await clear(tx, name, [carrier for carrier in carriers if carrier.collection == name])
            # Last: whoever comes second has seen by now that somebody was first.
            if rows:
                await tx.collection("outbox").insert_many(rows, ordered=False, session=tx.session)
            return result

        await self.announce(await self.store.transact(work))
