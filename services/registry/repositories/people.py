"""People, units, sessions and sign-in attempts in MongoDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from kit.mongo import Database, Document
from kit.transaction import Tx
from services.registry.domain.people import LoginTaken, Person
from services.registry.domain.units import PathTaken, Unit
from services.registry.ports import Attempts
from services.registry.repositories.documents import Documents


def _units() -> Documents[Unit]:
    return Documents("units", "unit_id", TypeAdapter(Unit), (("path", PathTaken),))


def _people() -> Documents[Person]:
    return Documents("people", "person_id", TypeAdapter(Person), (("login", LoginTaken),))


@dataclass(frozen=True)
class MongoUnits:
    documents: Documents[Unit] = field(default_factory=_units)

    async def at(self, tx: Tx, path: str) -> Unit | None:
        return await self.documents.find_where(tx, {"path": path})

    async def add(self, tx: Tx, unit: Unit) -> None:
        await self.documents.add(tx, unit)


@dataclass(frozen=True)
class MongoPeople:
    documents: Documents[Person] = field(default_factory=_people)

    async def load(self, tx: Tx, person_id: str) -> Person:
        return await self.documents.load(tx, person_id)

    async def named(self, tx: Tx, person_ids: Sequence[str]) -> Mapping[str, Person]:
        wanted = list(dict.fromkeys(person_ids))
        found = await self.documents.all_where(tx, {"_id": {"$in": wanted}}, most=len(wanted) or 1)
        return {person.person_id: person for person in found}

    async def is_empty(self, tx: Tx) -> bool:
        return await self.documents.find_where(tx, {}) is None

    async def add(self, tx: Tx, person: Person) -> None:
        await self.documents.add(tx, person)

    async def save(self, tx: Tx, person: Person) -> None:
        await self.documents.save(tx, person)


@dataclass(frozen=True)
class MongoSessions:
    """Rows end by themselves when the token would."""

    async def open(self, tx: Tx, digest: str, person_id: str, expires_at: datetime) -> None:
        row = {"_id": digest, "person_id": person_id, "opened_at": tx.now, "expires_at": expires_at}
        await tx.collection("sessions").insert_one(row, session=tx.session)

    async def close(self, tx: Tx, digest: str) -> None:
        await tx.collection("sessions").delete_one({"_id": digest}, session=tx.session)

    async def close_all_of(self, tx: Tx, person_id: str, *, but: str | None = None) -> None:
        query = {"person_id": person_id, "_id": {"$ne": but}}
        await tx.collection("sessions").delete_many(query, session=tx.session)


@dataclass(frozen=True)
class MongoThrottle:
    """One row per key and window, changed in one write: concurrent attempts cannot share a count.

    Outside any transaction: an attempt counts, whatever becomes of it.
    """

    database: Database

    async def count(self, key: str, now: datetime, window: timedelta) -> Attempts:
        over = {"$lte": [{"$ifNull": ["$until", now]}, now]}
        change = {
            "count": {"$cond": [over, 1, {"$add": ["$count", 1]}]},
            "until": {"$cond": [over, now + window, "$until"]},
        }
        row = await self._change(key, [{"$set": change}])
        return Attempts(int(row["count"]), row["until"])

    async def _change(self, key: str, change: list[Document]) -> Document:
        attempts = self.database["attempts_to_sign_in"]
        try:
            row: Document = await attempts.find_one_and_update(
                {"_id": key}, change, upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            # Somebody else made the row at the same moment; now it is there.
            row = await attempts.find_one_and_update({"_id": key}, change, return_document=ReturnDocument.AFTER)
        return row

    async def forgive(self, key: str) -> None:
        await self.database["attempts_to_sign_in"].delete_one({"_id": key})

    async def take_back(self, key: str) -> None:
        await self.database["attempts_to_sign_in"].update_one({"_id": key}, {"$inc": {"count": -1}})
