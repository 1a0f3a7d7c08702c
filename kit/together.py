"""Asking for many at once: what several requests ask for while an answer is under way is asked for together.

A round trip costs as much for one document as for twenty, and so does waiting for a majority and the journal. Alone a
request is served at once. Who writes comes back with those who were served together, but never quite at the same time:
in a crowd the next round waits a moment for as many as the last one had, or crowds break up into rounds of a few.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from pymongo.errors import BulkWriteError, DuplicateKeyError

from kit.mongo import Collection, Document

Q = TypeVar("Q")
A = TypeVar("A")
MOST = 64
DUPLICATE_KEY = 11000
GATHERING_SECONDS = 0.005
"""So long, and no longer than the last round took, a round waits for as many as that one had."""
CROWDED_SECONDS = 0.05
"""So long after a round there is no longer a crowd."""


class Together(Generic[Q, A]):
    """`ask` answers a list of questions in their order; an exception in the answer is raised for that question only.
    `gathering`: so many seconds at most a round waits in a crowd; 0: never."""

    def __init__(
        self,
        ask: Callable[[list[Q]], Awaitable[Sequence[A | Exception]]],
        *,
        gathering: float = 0.0,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._gathering = gathering
        self._seconds = seconds
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._asking: asyncio.Task[None] | None = None
        self._crowd = 1
        self._took = 0.0
        self._served_at = 0.0
        self._gathered: asyncio.Future[None] | None = None

    async def __call__(self, question: Q) -> A:
        """The answer, from a question put to the database no sooner than now."""
        return await self.ask(question)

    def ask(self, question: Q) -> asyncio.Future[A]:
        """The same for who has several questions: all that are asked before anything is awaited go together."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._run())
        elif self._gathered is not None and len(self._waiting) >= self._crowd:
            self._enough()
        return answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._gather()
                asked, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                begun = self._seconds()
                await self._serve(asked)
                self._crowd, self._served_at = len(asked), self._seconds()
                self._took = self._served_at - begun
        finally:
            self._asking = None
            for _, answer in self._waiting:
                answer.cancel()

    async def _gather(self) -> None:
        if len(self._waiting) >= self._crowd or self._seconds() - self._served_at > CROWDED_SECONDS:
            return
        longest = min(self._gathering, self._took)
        if longest <= 0.0:
            return
        loop = asyncio.get_running_loop()
        self._gathered = loop.create_future()
        late = loop.call_later(longest, self._enough)
        try:
            await self._gathered
        finally:
            late.cancel()
            self._gathered = None

    def _enough(self) -> None:
        if self._gathered is not None and not self._gathered.done():
            self._gathered.set_result(None)

    async def _serve(self, asked: list[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._ask([question for question, _ in asked])
        except Exception as error:
            answers = [error] * len(asked)
        except BaseException:
            for _, answer in asked:
                answer.cancel()
            raise
        for (_, waiting), answered in zip(asked, answers, strict=True):
            if waiting.done():  # whoever asked has gone
                continue
            if isinstance(answered, Exception):
                waiting.set_exception(answered)
            else:
                waiting.set_result(answered)


def sharing(ask: Callable[[Q], Awaitable[A]]) -> Together[Q, A]:
    """Equal questions that wait at the same time are asked once, and all have the same answer."""

    async def ask_distinct(questions: list[Q]) -> list[A | Exception]:
        distinct = list(dict.fromkeys(questions))
        answers = await asyncio.gather(*(ask(question) for question in distinct), return_exceptions=True)
        found = dict(zip(distinct, answers, strict=True))
        return [_or_raise(found[question]) for question in questions]

    return Together(ask_distinct)


def _or_raise(answer: A | BaseException) -> A | Exception:
    if isinstance(answer, BaseException) and not isinstance(answer, Exception):
        raise answer
    return answer


def finding(
    collection: Collection, read: Callable[[Document], A], fields: Document | None = None
) -> Together[str, A | None]:
    """What documents, or some of their fields, stand for, by `_id`; each is read once for all who ask together."""

    async def find(ids: list[str]) -> list[A | Exception | None]:
        distinct = list(dict.fromkeys(ids))
        if len(distinct) == 1:
            rows: Sequence[Document | None] = [await collection.find_one({"_id": distinct[0]}, fields)]
        else:
            rows = await collection.find({"_id": {"$in": distinct}}, fields).to_list(len(distinct))
        found = {row["_id"]: _read(read, row) for row in rows if row is not None}
        return [found.get(one) for one in ids]

    return Together(find, gathering=GATHERING_SECONDS)


def _read(read: Callable[[Document], A], row: Document) -> A | Exception:
    """One that cannot be read is an answer to who asked for it, not to everybody."""
    try:
        return read(row)
    except Exception as error:
        return error


def inserting(collection: Collection) -> Together[Document, None]:
    """New documents; each is acknowledged when it is stored as the collection's write concern asks."""

    async def insert(documents: list[Document]) -> list[Exception | None]:
        if len(documents) == 1:
            await collection.insert_one(documents[0])
            return [None]
        try:
            await collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            return _outcomes(error, len(documents))
        return [None] * len(documents)

    return Together(insert, gathering=GATHERING_SECONDS)


def _outcomes(error: BulkWriteError, count: int) -> list[Exception | None]:
    """Whose `_id` was there already fails alone; anything else is everybody's."""
    details = error.details or {}
    failed = {one["index"]: one for one in details.get("writeErrors", ())}
    if details.get("writeConcernErrors") or any(one["code"] != DUPLICATE_KEY for one in failed.values()):
        return [error] * count
    twins = {place: DuplicateKeyError(one["errmsg"], one["code"], one) for place, one in failed.items()}
    return [twins.get(place) for place in range(count)]
