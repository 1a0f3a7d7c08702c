"""Writes: aggregates to documents and back, saved only over the version that was read; and the indexes.

Collections: `cases`, `payloads` (by case, written once), `permits`, `processes` (by unit path), `people`, `audit` (by
sequence) and `audit_head`. What is only here to be searched by (`participants`, `waiting_for`, `pending`, `lineage`,
`standing`) is derived from the aggregate at every save.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument

from kit.auth import Grant
from kit.mongo import Collection, Document, Indexes
from kit.refusal import NotFound
from kit.transaction import Tx, save_over
from services.review.domain.audit import FIRST_LINK, Entry, link
from services.review.domain.case import Case, ProcessUsed, State
from services.review.domain.people import People, Person, lineage_of
from services.review.domain.permit import Permit
from services.review.domain.routing import FiledStep, Process, Signature, Step
from services.review.domain.submission import Submission

HEAD = "head"
INDEXES: Indexes = {
    "cases": (
        IndexModel(
            [("submission.subject_id", ASCENDING)],
            name="one_standing_per_subject",
            unique=True,
            partialFilterExpression={"standing": True},
        ),
        IndexModel([("submission.subject_id", ASCENDING), ("_id", DESCENDING)], name="of_subject"),
        IndexModel([("waiting_for", ASCENDING), ("_id", DESCENDING)], name="waiting_for"),
        IndexModel([("participants", ASCENDING), ("_id", DESCENDING)], name="participants"),
        IndexModel([("lineage", ASCENDING), ("_id", DESCENDING)], name="lineage"),
        IndexModel([("pending", ASCENDING)], name="pending"),
        IndexModel(
            [("submission.unit_path", ASCENDING)],
            name="unroutable",
            partialFilterExpression={"state": "unroutable"},
        ),
    ),
    "payloads": (),
    "permits": (IndexModel([("case_id", ASCENDING)], name="one_per_case", unique=True),),
    "processes": (IndexModel([("steps.person_ids", ASCENDING)], name="naming"),),
    "people": (),
    "audit": (IndexModel([("entry.case_id", ASCENDING), ("_id", ASCENDING)], name="of_case"),),
    "audit_head": (),
}


class MongoCases:
    """See `ports.Cases`."""

    async def add(self, tx: Tx, case: Case, payload: str) -> None:
        case.version = 1
        await tx.collection("cases").insert_one(case_document(case), session=tx.session)
        await tx.collection("payloads").insert_one({"_id": case.case_id, "text": payload}, session=tx.session)

    async def load(self, tx: Tx, case_id: str) -> Case:
        return _case(await _one(tx, "cases", case_id))

    async def payload(self, tx: Tx, case_id: str) -> str:
        return str((await _one(tx, "payloads", case_id))["text"])

    async def standing(self, tx: Tx, subject_id: str) -> Case | None:
        found = await self._all(tx, {"submission.subject_id": subject_id, "standing": True})
        return found[0] if found else None

    async def unroutable_of(self, tx: Tx, unit_path: str) -> list[Case]:
        return await self._all(tx, {"submission.unit_path": unit_path, "state": "unroutable"})

    async def pending_with(self, tx: Tx, person_id: str) -> list[Case]:
        return await self._all(tx, {"pending": person_id})

    async def save(self, tx: Tx, case: Case) -> None:
        read = case.version
        case.version = read + 1
        await save_over(tx.collection("cases"), case_document(case), version=read, session=tx.session)

    async def _all(self, tx: Tx, query: Document) -> list[Case]:
        cursor = tx.collection("cases").find(query, session=tx.session).sort("_id", ASCENDING)
        return [_case(row) async for row in cursor]


class MongoPermits:
    """See `ports.Permits`."""

    async def add(self, tx: Tx, permit: Permit) -> None:
        permit.version = 1
        await tx.collection("permits").insert_one(_permit_document(permit), session=tx.session)

    async def load(self, tx: Tx, permit_id: str) -> Permit:
        row = await _one(tx, "permits", permit_id)
        return Permit(permit_id=row.pop("_id"), **row)

    async def save(self, tx: Tx, permit: Permit) -> None:
        read = permit.version
        permit.version = read + 1
        await save_over(tx.collection("permits"), _permit_document(permit), version=read, session=tx.session)


class MongoProcesses:
    """See `ports.Processes`."""

    async def hold(self, tx: Tx, unit_path: str) -> Process | None:
        row = await _held(tx.collection("processes"), unit_path, tx)
        return _process(row) if "process_id" in row else None

    async def naming(self, tx: Tx, person_id: str, path: str) -> list[Process]:
        query = {"steps.person_ids": person_id, "lineage": path}
        return [_process(row) async for row in tx.collection("processes").find(query, session=tx.session)]

    async def put(self, tx: Tx, process: Process) -> None:
        content = asdict(process)
        unit_path = content.pop("unit_path")
        content["lineage"] = lineage_of(unit_path)
        await tx.collection("processes").update_one({"_id": unit_path}, {"$set": content}, session=tx.session)


class MongoStaff:
    """See `ports.Staff`."""

    async def hold(self, tx: Tx, person_ids: Iterable[str]) -> People:
        # In one order everywhere: two that hold the same persons meet at the first of them.
        rows = [await _held(tx.collection("people"), person_id, tx) for person_id in sorted(set(person_ids))]
        return {row["_id"]: _person(row) for row in rows if "display_name" in row}

    async def put(self, tx: Tx, person: Person) -> None:
        grants = sorted([grant.role, grant.path] for grant in person.grants)
        content = {"display_name": person.display_name, "grants": grants}
        await tx.collection("people").update_one(
            {"_id": person.person_id}, {"$set": content}, upsert=True, session=tx.session
        )


class MongoTrail:
    """See `ports.AuditTrail`. The head is written first, so that two who append queue up there."""

    async def append(self, tx: Tx, entries: Sequence[Entry]) -> None:
        head = await tx.collection("audit_head").find_one_and_update(
            {"_id": HEAD},
            {"$inc": {"sequence": len(entries)}, "$setOnInsert": {"hash": FIRST_LINK}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=tx.session,
        )
        previous, first = head["hash"], head["sequence"] - len(entries) + 1
        rows: list[Document] = []
        for sequence, entry in enumerate(entries, first):
            own = link(sequence, previous, entry.plain)
            rows.append({"_id": sequence, "entry": entry.plain, "previous": previous, "hash": own})
            previous = own
        await tx.collection("audit").insert_many(rows, session=tx.session)
        await tx.collection("audit_head").update_one({"_id": HEAD}, {"$set": {"hash": previous}}, session=tx.session)


def case_document(case: Case) -> Document:
    """The document of a case."""
    content = asdict(case)
    content["_id"] = content.pop("case_id")
    return content | {
        "state": str(case.state),
        "standing": case.standing,
        "participants": sorted(case.participants),
        "waiting_for": list(case.waiting_for),
        "pending": sorted(case.pending),
        "lineage": list(lineage_of(case.submission.unit_path)),
    }


def _case(row: Document) -> Case:
    plain: dict[str, Any] = {name: row[name] for name in Case.__dataclass_fields__ if name in row}
    return Case(
        **plain
        | {
            "case_id": row["_id"],
            "submission": Submission(**row["submission"]),
            "state": State(row["state"]),
            "process": ProcessUsed(**row["process"]) if row["process"] else None,
            "steps": [_step(step) for step in row["steps"]],
        }
    )


def _step(row: Document) -> Step:
    return Step(
        name=row["name"],
        mode=row["mode"],
        named=tuple(row["named"]),
        candidates=tuple(row["candidates"]),
        signatures=[Signature(**signature) for signature in row["signatures"]],
    )


def _process(row: Document) -> Process:
    steps = tuple(FiledStep(step["name"], step["mode"], tuple(step["person_ids"])) for step in row["steps"])
    return Process(row["process_id"], row["_id"], row["process_version"], row["filing_number"], steps)


def _person(row: Document) -> Person:
    return Person(row["_id"], row["display_name"], frozenset(Grant(role, path) for role, path in row["grants"]))


def _permit_document(permit: Permit) -> Document:
    content = asdict(permit)
    content["_id"] = content.pop("permit_id")
    return content


async def _one(tx: Tx, collection: str, key: str) -> Document:
    row = await tx.collection(collection).find_one({"_id": key}, session=tx.session)
    if row is None:
        raise NotFound
    return row


async def _held(collection: Collection, key: str, tx: Tx) -> Document:
    """The document, written to (made, if need be): a decision that rests on it excludes a change of it.

    Under snapshot isolation two that merely read what the other one writes would both commit.
    """
    row: Document = await collection.find_one_and_update(
        {"_id": key},
        {"$inc": {"held": 1}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
        session=tx.session,
    )
    return row
