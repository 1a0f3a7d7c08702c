"""Likes, favourites and follows: a document each, `active` or not; votes and check-ins: written once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.envelope import Event
from kit import embedded
from kit.embedded import Writing
from kit.mongo import Database, Document
from kit.refusal import StaleVersion
from services.micro_community.ports import Marking, MarkKind

ATTEMPTS = 5


@dataclass(frozen=True)
class MongoMarks:
    database: Database
    source: str

    async def turn(self, kind: MarkKind, marking: Marking, *, on: bool, now: datetime) -> bool:
        for _ in range(ATTEMPTS):
            try:
                return await self._turn(kind, marking, on=on, now=now)
            except StaleVersion:
                continue  # the same member on another device: look again
        raise StaleVersion

    async def count(self, kind: MarkKind, member_id: str, *, most: int) -> int:
        query = {"member_id": member_id, "active": True}
        return int(await self.database[kind].count_documents(query, limit=most))

    async def _turn(self, kind: MarkKind, marking: Marking, *, on: bool, now: datetime) -> bool:
        collection, writing = self.database[kind], Writing(self.source, now)
        stored = await collection.find_one({"_id": marking.mark_id})
        if stored is None and not on:
            return False
        if stored is None:
            document = {"_id": marking.mark_id, **marking.fields, "active": True, "at": now}
            made = await embedded.insert(collection, document, [marking.on], writing)
            return bool(made["at"] == now)
        if stored["active"] == on:
            return False
        change = {"_id": marking.mark_id, "active": on, "at": now}
        event = marking.on if on else marking.off
        await embedded.save(collection, change, [event], writing, version=stored["aggver"])
        return True


@dataclass(frozen=True)
class MongoRecords:
    database: Database
    source: str

    async def add(self, collection: str, document: Document, event: Event, *, now: datetime) -> Document:
        return await embedded.insert(self.database[collection], document, [event], Writing(self.source, now))

    async def find(self, collection: str, record_id: str) -> Document | None:
        return await self.database[collection].find_one({"_id": record_id})
