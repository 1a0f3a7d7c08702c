"""The harvest: takes events out of the documents that carry them (`kit.embedded`), one replica at a time.

For many documents in one transaction it moves the rows into the outbox and applies what follows from them: each event
is moved once and projected once, or not yet.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

import structlog
from opentelemetry.instrumentation.utils import suppress_instrumentation
from pymongo import UpdateMany, UpdateOne
from pymongo.errors import PyMongoError

from kit.lease import Lease
from kit.mongo import Document
from kit.transaction import Store, Tx

BATCH = 200
POLL_SECONDS = 0.5
GATHER_SECONDS = 0.03

log = structlog.get_logger("harvest")


@dataclass
class Carrier:
    """A document with rows in `unsent`. `change`: fields that the projection sets in it while they are taken out."""

    collection: str
    document: Document
    change: Document = field(default_factory=dict)


Harvested: TypeAlias = Sequence[Carrier]
"""Oldest first."""


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
                    if await self._turn(lease) < BATCH:
                        await self._pause()
        finally:
            with contextlib.suppress(PyMongoError):
                await asyncio.shield(lease.release())

    async def harvest(self) -> int:
        """One batch. How many documents were harvested."""
        found = await asyncio.gather(*(self._waiting(name) for name in self._due()))
        waiting = sorted((row for rows in found for row in rows), key=lambda row: row[0])[:BATCH]
        keys = [(name, key) for _, name, key in waiting]
        if not keys:
            return 0
        try:
            await self._move(keys)
        except PyMongoError:
            raise
        except Exception:
            log.exception("projection_failed", documents=len(keys))
            await self._one_by_one(keys)
        return len(keys)

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
            return await self.harvest() if lease.held or await lease.hold() else 0
        except PyMongoError as error:
            log.warning("harvest_interrupted", error=repr(error))
            return 0

    async def _pause(self) -> None:
        """Until there is something. Alone it is served at once; under load some is gathered: a batch costs as much
        as its documents."""
        ended_at = time.monotonic()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.wake.wait(), POLL_SECONDS)
        await asyncio.sleep(max(0.0, ended_at + GATHER_SECONDS - time.monotonic()))
        self.wake.clear()

    async def _waiting(self, name: str) -> list[tuple[datetime, str, Any]]:
        query: Document = {"unsent_at": {"$exists": True}}
        if self.refused:
            query["_id"] = {"$nin": sorted(self.refused)}
        rows = self.store.database[name].find(query, {"unsent_at": 1}).sort([("unsent_at", 1)]).limit(BATCH)
        return [(row["unsent_at"], name, row["_id"]) for row in await rows.to_list(BATCH)]

    async def _one_by_one(self, keys: list[tuple[str, Any]]) -> None:
        for key in keys:
            try:
                await self._move([key])
            except PyMongoError:
                raise
            except Exception:
                log.exception("document_not_projected", collection=key[0], document_id=key[1])
                self.refused.add(key[1])

    async def _move(self, keys: list[tuple[str, Any]]) -> None:
        by_name = {name: [key for other, key in keys if other == name] for name in dict(keys)}

        async def work(tx: Tx) -> Any:
            carriers: list[Carrier] = []
            for name, ids in by_name.items():
                query = {"_id": {"$in": ids}, "unsent_at": {"$exists": True}}
                found = await tx.collection(name).find(query, session=tx.session).to_list(None)
                carriers += [Carrier(name, document) for document in found]
            carriers.sort(key=lambda carrier: carrier.document["unsent"][0]["at"])
            if not carriers:
                return None
            rows = [row for carrier in carriers for row in carrier.document["unsent"]]
            await tx.collection("outbox").insert_many(rows, ordered=False, session=tx.session)
            result = await self.project(tx, carriers)
            for name in by_name:
                await _clear(tx, name, [carrier for carrier in carriers if carrier.collection == name])
            return result

        result = await self.store.transact(work)
        if result is not None:
            await self.announce(result)


async def _clear(tx: Tx, collection: str, carriers: list[Carrier]) -> None:
    """Take the events out, with whatever else changes in the same documents."""
    cleared = {"$unset": {"unsent": "", "unsent_at": ""}}
    alike = [carrier.document["_id"] for carrier in carriers if not carrier.change]
    changes: list[UpdateMany | UpdateOne] = [UpdateMany({"_id": {"$in": alike}}, cleared)] if alike else []
    for carrier in carriers:
        if carrier.change:
            changes.append(UpdateOne({"_id": carrier.document["_id"]}, cleared | {"$set": carrier.change}))
    if changes:
        await tx.collection(collection).bulk_write(changes, ordered=False, session=tx.session)
