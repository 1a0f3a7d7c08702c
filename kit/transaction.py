"""One command, one transaction: retries with a deadline, an idempotency key, and events that commit with the work.

Motor's own `with_transaction` retries without back-off or deadline, so the loop is ours. The work may run more than
once; it touches nothing but the transaction that it is handed.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from pymongo import ReadPreference, WriteConcern
from pymongo.errors import DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern

from contracts.envelope import Event
from kit import outbox
from kit.clock import Clock
from kit.mongo import Client, Collection, Database, Document, Session
from kit.refusal import Refusal

T = TypeVar("T")
MAJORITY = WriteConcern(w="majority", j=True, wtimeout=5_000)
LONGEST_PAUSE = 0.25


class IdempotencyKeyReused(Refusal):
    """The key was used for another request."""

    code = "http.idempotency_key_reused"
    status = 422
    text = "该请求标识已用于另一项内容不同的操作，请刷新页面后重试。"


@dataclass(frozen=True)
class Once:
    """Do it once: `key` names the request, `fingerprint` what it asked for. The result must be JSON."""

    key: str
    fingerprint: str = ""


@dataclass(frozen=True)
class Cause:
    """The event that is being handled."""

    event_id: str
    correlation_id: str | None = None


@dataclass
class Tx:
    """A transaction under way. `now` is the one time of the whole command."""

    database: Database
    session: Session
    now: datetime
    cause: Cause | None = None
    events: list[Event] = field(default_factory=list)

    def collection(self, name: str) -> Collection:
        return self.database[name]

    def emit(self, event: Event) -> None:
        """Publish the event if, and only if, the transaction commits."""
        self.events.append(event)


@dataclass(frozen=True)
class Store:
    """A service's database, as something to run transactions in."""

    client: Client
    database: Database
    clock: Clock
    source: str
    """Who publishes: the service's name."""
    deadline: float = 8.0
    """Seconds for one `transact`, retries included."""

    async def transact(
        self, work: Callable[[Tx], Awaitable[T]], *, once: Once | None = None, cause: Cause | None = None
    ) -> T:
        """Run the work in a transaction and commit it with its events.

        With `once`, a second call with the same key answers what the first did and changes nothing.

        Raises:
            Refusal: the work refused; nothing is stored.
            IdempotencyKeyReused: the key stands for another request.
            pymongo.errors.PyMongoError: the database did not commit in time. Whether it did may be unknown;
                repeat with the same `once`.
        """
        until = time.monotonic() + self.deadline
        attempt = 0
        while True:
            try:
                return await self._attempt(work, once, cause, until)
            except PyMongoError as error:
                # A duplicate idempotency key means that a twin was faster: the next attempt reads its answer.
                twin = isinstance(error, DuplicateKeyError) and _is_of(error, "idempotency")
                if not (twin or error.has_error_label("TransientTransactionError")):
                    raise
                if time.monotonic() > until:
                    raise
            attempt += 1
            await asyncio.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.005 * 2**attempt)))  # noqa: S311

    async def _attempt(
        self, work: Callable[[Tx], Awaitable[T]], once: Once | None, cause: Cause | None, until: float
    ) -> T:
        async with await self.client.start_session() as session:
            session.start_transaction(
                read_concern=ReadConcern("snapshot"),
                write_concern=MAJORITY,
                read_preference=ReadPreference.PRIMARY,
            )
            tx = Tx(self.database, session, self.clock.now(), cause)
            if once is not None:
                stored = await _stored(tx, once)
                if stored is not None:
                    await session.abort_transaction()
                    return stored["result"]  # type: ignore[no-any-return]
            result = await work(tx)
            await outbox.write(tx, source=self.source)
            if once is not None:
                await _remember(tx, once, result)
            await _commit(session, until)
            return result


async def save_over(collection: Collection, document: Document, *, version: int, session: Session) -> None:
    """Replace a document over the version that was read; the new one must carry `version` + 1.

    Raises:
        StaleVersion: it is not that version any more.
    """
    from kit.refusal import StaleVersion

    result = await collection.replace_one({"_id": document["_id"], "version": version}, document, session=session)
    if result.matched_count == 0:
        raise StaleVersion


async def _stored(tx: Tx, once: Once) -> Document | None:
    row = await tx.collection("idempotency").find_one({"_id": once.key}, session=tx.session)
    if row is not None and row["fingerprint"] != once.fingerprint:
        raise IdempotencyKeyReused
    return row


async def _remember(tx: Tx, once: Once, result: Any) -> None:
    row = {"_id": once.key, "fingerprint": once.fingerprint, "result": result, "at": tx.now}
    await tx.collection("idempotency").insert_one(row, session=tx.session)


async def _commit(session: Session, until: float) -> None:
    while True:
        try:
            await session.commit_transaction()
            return
        except PyMongoError as error:
            # Committing is idempotent on the server: asking again resolves an unknown outcome.
            if not error.has_error_label("UnknownTransactionCommitResult") or time.monotonic() > until:
                raise
            await asyncio.sleep(0.05)


def _is_of(error: DuplicateKeyError, collection: str) -> bool:
    return f".{collection} index" in str((error.details or {}).get("errmsg", ""))
