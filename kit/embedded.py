"""Events that travel inside the document they are about: one write stores the change, its events and its key.

Where a command changes one document, a transaction is dear: the document itself carries the rows (`unsent`) that the
outbox would have had, and `_id`, derived from the idempotency key, makes the second attempt meet the first. The
harvest (`kit.harvest`) then moves the rows into the outbox and applies what follows from them.

`aggver` counts the events of the document and is its version: every change emits at least one event and is saved over
the version that was read. Events of such a document never go through `tx.emit`, which counts elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from contracts.envelope import Event
from kit import outbox
from kit.mongo import Collection, Document, Session
from kit.refusal import StaleVersion
from kit.together import Together, inserting
from kit.transaction import Cause, IdempotencyKeyReused

INDEX = IndexModel([("unsent_at", ASCENDING)], name="unsent", partialFilterExpression={"unsent_at": {"$exists": True}})


@dataclass(frozen=True)
class Writing:
    """Who writes, when, and why. `session` joins a transaction."""

    source: str
    now: datetime
    cause: Cause | None = None
    session: Session | None = None

    def rows(self, events: Sequence[Event], *, after: int) -> list[Document]:
        return [
            outbox.row(event, self.source, after + place, now=self.now, cause=self.cause)
            for place, event in enumerate(events, 1)
        ]


async def insert(collection: Collection, document: Document, events: Sequence[Event], writing: Writing) -> Document:
    """Store a new document with its events. With a `fingerprint` in it, a repetition answers what is stored.

    Raises:
        IdempotencyKeyReused: the same `_id` stands for another request.
    """
    complete = _complete(document, events, writing)
    try:
        await collection.insert_one(complete, session=writing.session)
    except DuplicateKeyError:
        stored = None if writing.session else await _earlier(collection, document)
        if stored is None:
            raise
        return stored
    return complete


@dataclass(frozen=True)
class Inserts:
    """`insert` without a session, for a collection that many write to: what comes together is stored together."""

    collection: Collection
    _inserting: Together[Document, None] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_inserting", inserting(self.collection))

    async def insert(self, document: Document, events: Sequence[Event], writing: Writing) -> Document | None:
        """What an earlier attempt stored; None: it is stored now.

        Raises:
            IdempotencyKeyReused: the same `_id` stands for another request.
        """
        try:
            await self._inserting(_complete(document, events, writing))
        except DuplicateKeyError:
            stored = await _earlier(self.collection, document)
            if stored is None:
                raise
            return stored
        return None


def _complete(document: Document, events: Sequence[Event], writing: Writing) -> Document:
    rows = writing.rows(events, after=0)
    return document | {"unsent": rows, "unsent_at": writing.now, "aggver": len(rows)}


async def _earlier(collection: Collection, document: Document) -> Document | None:
    """What an earlier attempt stored under the `_id`."""
    stored = await collection.find_one({"_id": document["_id"]})
    if stored is not None and stored.get("fingerprint") != document.get("fingerprint"):
        raise IdempotencyKeyReused from None
    return stored


async def save(
    collection: Collection, change: Document, events: Sequence[Event], writing: Writing, *, version: int
) -> None:
    """Set the fields of `change` (with its `_id`) over the version that was read, with the events.

    Raises:
        StaleVersion
    """
    rows = writing.rows(events, after=version)
    fields = {name: value for name, value in change.items() if name != "_id"}
    result = await collection.update_one(
        {"_id": change["_id"], "aggver": version},
        {
            "$set": fields | {"aggver": version + len(rows)},
            "$push": {"unsent": {"$each": rows}},
            "$min": {"unsent_at": writing.now},
        },
        session=writing.session,
    )
    if result.matched_count == 0:
        raise StaleVersion
