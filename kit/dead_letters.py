"""Dead letters: events that could not be handled, kept with the reason, to be looked at and replayed or dropped.

The record lies in the consumer's own database. A tool only asks (`replay_requested`, or a drop that moves the gate);
the worker, which has the handlers, acts.
"""

from __future__ import annotations

import traceback
from typing import Any

from pymongo import ASCENDING, IndexModel

from contracts.envelope import CloudEvent
from kit import inbox
from kit.mongo import Database, Document, Indexes
from kit.refusal import Refusal
from kit.transaction import Store, Tx

INDEXES: Indexes = {
    "dead_letters": (
        IndexModel([("state", ASCENDING), ("at", ASCENDING)], name="state_age"),
        IndexModel([("aggregate", ASCENDING)], name="aggregate"),
    ),
    "attempts": (IndexModel([("at", ASCENDING)], name="kept", expireAfterSeconds=30 * 24 * 3600),),
}
OPEN_STATES = ("new", "replay_requested")


class DeadLetterNotFound(Refusal):
    """No dead letter has this id."""

    code = "dead_letters.not_found"
    status = 404
    text = "没有这条死信。"


class DeadLetterClosed(Refusal):
    """It was replayed or dropped before."""

    code = "dead_letters.closed"
    status = 409
    text = "这条死信已经处理过。"


async def bury(
    tx: Tx, consumer: str, body: bytes, error: BaseException, *, envelope: CloudEvent | None, where: str
) -> None:
    """Set an event aside; its aggregate, if it has one, is blocked. `where` is `<stream>:<sequence>`."""
    letter_id = f"{consumer}|{envelope.id if envelope else where}"
    document = {
        "consumer": consumer,
        "body": body,
        "where": where,
        "type": envelope.type if envelope else None,
        "aggregate": envelope.subject if envelope else None,
        "aggver": envelope.aggver if envelope else None,
        "event_id": envelope.id if envelope else None,
        "traceparent": envelope.traceparent if envelope else None,
        "reason": type(error).__name__,
        "error": str(error)[:4000],
        "stack": "".join(traceback.format_exception(error))[-8000:],
        "state": "new",
        "at": tx.now,
    }
    letters = tx.collection("dead_letters")
    await letters.update_one({"_id": letter_id}, {"$set": document}, upsert=True, session=tx.session)
    if envelope:
        await inbox.block_gate(tx, consumer, envelope)


async def listing(database: Database, *, state: str | None = None, limit: int = 100) -> list[Document]:
    """The oldest first, without bodies."""
    query: dict[str, Any] = {"state": state} if state else {"state": {"$in": list(OPEN_STATES)}}
    cursor = database["dead_letters"].find(query, {"body": 0, "stack": 0})
    return await cursor.sort([("at", 1), ("_id", 1)]).to_list(limit)


async def show(database: Database, letter_id: str) -> Document:
    """All that is known of one.

    Raises:
        DeadLetterNotFound
    """
    letter = await database["dead_letters"].find_one({"_id": letter_id})
    if letter is None:
        raise DeadLetterNotFound
    return letter


async def request_replay(database: Database, letter_id: str) -> None:
    """Ask the worker to handle it again.

    Raises:
        DeadLetterNotFound, DeadLetterClosed
    """
    letter = await show(database, letter_id)
    if letter["state"] not in OPEN_STATES:
        raise DeadLetterClosed
    await database["dead_letters"].update_one({"_id": letter_id}, {"$set": {"state": "replay_requested"}})


async def drop(store: Store, letter_id: str, *, why: str) -> None:
    """Give it up: what follows in its aggregate may pass. The record stays, with the reason.

    Raises:
        DeadLetterNotFound, DeadLetterClosed
    """

    async def work(tx: Tx) -> None:
        letter = await tx.collection("dead_letters").find_one({"_id": letter_id}, session=tx.session)
        if letter is None:
            raise DeadLetterNotFound
        if letter["state"] not in OPEN_STATES:
            raise DeadLetterClosed
        await close(tx, letter_id, "dropped", why=why)
        if letter["aggregate"]:
            envelope = CloudEvent.model_validate_json(letter["body"])
            gate = await inbox.open_gate(tx, letter["consumer"], envelope.subject)
            if gate["version"] < envelope.aggver:
                await inbox.pass_gate(tx, letter["consumer"], envelope)

    await store.transact(work)


async def close(tx: Tx, letter_id: str, state: str, *, why: str = "") -> None:
    """Mark it `replayed` or `dropped`."""
    change = {"$set": {"state": state, "closed_at": tx.now, "why": why}}
    await tx.collection("dead_letters").update_one({"_id": letter_id}, change, session=tx.session)
