"""The inbox: an event takes effect once per consumer, and in the order of its aggregate.

The row of the inbox is the first write of the handler's transaction, so effect and memory commit together. A gate per
consumer and aggregate holds the last version that was applied; it is written by every attempt, also by one that only
decides to wait, because under snapshot isolation two that merely read would both decide wrongly. What comes too early
is parked and follows when its turn comes.

Collections: `inbox` (`_id` consumer|event), `gates` (`_id` consumer|aggregate, `version`, `blocked`), `parked`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TypeAlias

from pymongo import ASCENDING, IndexModel, ReturnDocument

from contracts.envelope import CloudEvent
from kit.mongo import Document, Indexes
from kit.transaction import Tx

KEPT_SECONDS = 90 * 24 * 3600

INDEXES: Indexes = {
    "inbox": (IndexModel([("at", ASCENDING)], name="kept", expireAfterSeconds=KEPT_SECONDS),),
    "gates": (),
    "parked": (
        IndexModel(
            [("consumer", ASCENDING), ("aggregate", ASCENDING), ("aggver", ASCENDING)], name="place", unique=True
        ),
        IndexModel([("at", ASCENDING)], name="age"),
    ),
}

Run: TypeAlias = Callable[[Tx, CloudEvent], Awaitable[None]]


class Outcome(StrEnum):
    """What became of a delivery."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    STALE = "stale"
    PARKED = "parked"


async def receive(tx: Tx, consumer: str, envelope: CloudEvent, run: Run, *, replay: bool = False) -> Outcome:
    """Let the event take effect, unless it did before or has to wait.

    `replay` lets through the one event that its aggregate is blocked by, though the inbox knows it when it was parked
    before it was set aside.
    """
    seen = await _seen(tx, consumer, envelope.id)
    if seen and not replay:
        return Outcome.DUPLICATE
    gate = await open_gate(tx, consumer, envelope.subject)
    blocked = gate.get("blocked")
    if seen and blocked != envelope.id:
        return Outcome.DUPLICATE
    if envelope.aggver <= gate["version"]:
        return Outcome.STALE
    if blocked and not (replay and blocked == envelope.id):
        if blocked != envelope.id:
            await _park(tx, consumer, envelope)
        return Outcome.PARKED
    if envelope.aggver > gate["version"] + 1:
        await _park(tx, consumer, envelope)
        return Outcome.PARKED
    await run(tx, envelope)
    await pass_gate(tx, consumer, envelope)
    return Outcome.APPLIED


async def receive_parked(tx: Tx, consumer: str, aggregate: str, run: Run) -> CloudEvent | None:
    """Apply the parked event whose turn it is; None if there is none."""
    gate = await open_gate(tx, consumer, aggregate)
    if gate.get("blocked"):
        return None
    place = {"consumer": consumer, "aggregate": aggregate, "aggver": gate["version"] + 1}
    row = await tx.collection("parked").find_one_and_delete(place, session=tx.session)
    if row is None:
        return None
    envelope = CloudEvent.model_validate_json(row["body"])
    await run(tx, envelope)
    await pass_gate(tx, consumer, envelope)
    return envelope


async def open_gate(tx: Tx, consumer: str, aggregate: str) -> Document:
    """The gate, written to: whoever else decides on it at the same time has to try again."""
    gate: Document = await tx.collection("gates").find_one_and_update(
        {"_id": f"{consumer}|{aggregate}"},
        {"$inc": {"revision": 1}, "$setOnInsert": {"version": 0}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
        session=tx.session,
    )
    return gate


async def pass_gate(tx: Tx, consumer: str, envelope: CloudEvent) -> None:
    """The event was applied, or given up: the next one may come."""
    await tx.collection("gates").update_one(
        {"_id": f"{consumer}|{envelope.subject}"},
        {"$set": {"version": envelope.aggver}, "$unset": {"blocked": ""}},
        session=tx.session,
    )


async def block_gate(tx: Tx, consumer: str, envelope: CloudEvent) -> None:
    """Nothing of this aggregate passes until the event is replayed or dropped."""
    await open_gate(tx, consumer, envelope.subject)
    await tx.collection("gates").update_one(
        {"_id": f"{consumer}|{envelope.subject}"}, {"$set": {"blocked": envelope.id}}, session=tx.session
    )


async def _seen(tx: Tx, consumer: str, event_id: str) -> bool:
    before = await tx.collection("inbox").find_one_and_update(
        {"_id": f"{consumer}|{event_id}"},
        {"$setOnInsert": {"at": tx.now}},
        upsert=True,
        return_document=ReturnDocument.BEFORE,
        session=tx.session,
    )
    return before is not None


async def _park(tx: Tx, consumer: str, envelope: CloudEvent) -> None:
    row = {
        "_id": f"{consumer}|{envelope.id}",
        "consumer": consumer,
        "aggregate": envelope.subject,
        "aggver": envelope.aggver,
        "body": envelope.model_dump_json(exclude_none=True),
        "at": tx.now,
    }
    await tx.collection("parked").insert_one(row, session=tx.session)
