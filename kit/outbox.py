"""The outbox: events become rows of the transaction that caused them; the relay takes them from there.

Rows: `_id` event id, `aggregate`, `aggver`, `type`, `body` (the CloudEvent as text), `traceparent`, `state`
(`pending`, `sent`, `failed`), `at`, `sent_at`. Versions of an aggregate are counted in `aggregate_versions`, written
by the same transaction: writers of one aggregate queue up, and the versions have no gaps.
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from pymongo import ASCENDING, IndexModel, ReturnDocument

from contracts.envelope import CloudEvent, Event
from kit.ids import new_id
from kit.mongo import Document, Indexes
from kit.telemetry import traceparent

if TYPE_CHECKING:
    from kit.transaction import Cause, Tx

KEPT_SECONDS = 30 * 24 * 3600
IDEMPOTENCY_SECONDS = 30 * 24 * 3600

INDEXES: Indexes = {
    "outbox": (
        IndexModel(
            [("at", ASCENDING), ("_id", ASCENDING)],
            name="unsent",
            partialFilterExpression={"state": "pending"},
        ),
        IndexModel([("aggregate", ASCENDING), ("aggver", ASCENDING)], name="one_per_version", unique=True),
        IndexModel([("state", ASCENDING)], name="failed", partialFilterExpression={"state": "failed"}),
        IndexModel([("sent_at", ASCENDING)], name="kept", expireAfterSeconds=KEPT_SECONDS),
    ),
    "aggregate_versions": (),
    "idempotency": (IndexModel([("at", ASCENDING)], name="kept", expireAfterSeconds=IDEMPOTENCY_SECONDS),),
    "leases": (),
}


async def write(tx: Tx, *, source: str) -> None:
    """Store the transaction's events, in the order in which they were emitted."""
    rows: list[Document] = []
    by_aggregate = sorted(tx.events, key=lambda event: event.aggregate)
    for aggregate, events in groupby(by_aggregate, key=lambda event: event.aggregate):
        emitted = list(events)
        last = await _advance(tx, aggregate, len(emitted))
        first = last - len(emitted) + 1
        rows += [row_of(tx, event, source, first + offset) for offset, event in enumerate(emitted)]
    if rows:
        await tx.collection("outbox").insert_many(rows, session=tx.session)


async def _advance(tx: Tx, aggregate: str, by: int) -> int:
    counter = await tx.collection("aggregate_versions").find_one_and_update(
        {"_id": aggregate},
        {"$inc": {"version": by}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
        session=tx.session,
    )
    version: int = counter["version"]
    return version


def row_of(tx: Tx, event: Event, source: str, aggver: int) -> Document:
    """The row of an event that a transaction emitted."""
    return row(event, source, aggver, now=tx.now, cause=tx.cause)


def row(event: Event, source: str, aggver: int, *, now: datetime, cause: Cause | None = None) -> Document:
    """The row of an event, carrying the trace context of the moment."""
    parent = traceparent()
    envelope = CloudEvent(
        id=new_id(),
        source=f"/{source}",
        type=event.subject,
        subject=event.aggregate,
        time=now,
        dataschema=f"contracts/schemas/{event.subject}.json",
        aggver=aggver,
        causationid=cause.event_id if cause else None,
        correlationid=(cause.correlation_id or cause.event_id) if cause else None,
        traceparent=parent,
        data=event.model_dump(mode="json"),
    )
    return {
        "_id": envelope.id,
        "aggregate": event.aggregate,
        "aggver": aggver,
        "type": event.subject,
        "body": envelope.model_dump_json(exclude_none=True),
        "traceparent": parent,
        "state": "pending",
        "at": now,
    }
