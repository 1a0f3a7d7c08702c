"""The hub: one read of the database for all pages of a community that are open at this replica.

A page that listens gets every row after the position it starts from, in order, once. One that cannot keep up is let
go; its browser comes back with `Last-Event-ID` and continues there.

A new reply is told as soon as it is stored, before it has its place in the sequence (`tell_early`): with the position
of the last row, so that who continues from there hears of it again. When its row comes, a page that was told already
learns only the floor, if it shows the post; all others are told then. An early word that is lost, or comes too late,
is missed by nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from opentelemetry.instrumentation.utils import suppress_instrumentation

from services.micro_community.adapters.telling import Form, Row, written

MOST_WAITING = 256
MOST_PASSED_ON = 500
AT_ONCE = 50
EARLY = timedelta(seconds=5)
MOST_EARLY = 10_000
"""Replies told early, and replies passed on, that a community's channel remembers."""
STILL_HERE = b": still here\n\n"


class Reader(Protocol):
    """Whoever looks at the page, with what they do not want to see."""

    @property
    def picky(self) -> bool:
        """False: they want everything, and need not be asked."""

    def wants(self, row: Row) -> bool: ...

    def wants_quote(self, row: Row) -> bool: ...


@dataclass(eq=False)
class Listener:
    """One open page. `post_id`: the post it shows, whose replies it gets in full; `reader`: None wants everything."""

    member_id: str | None
    post_id: str | None
    reader: Reader | None
    start: int
    """Position of the last row before those that will be put."""
    turn: int = 0
    """How many early words there had been when it began to listen."""
    spoke_at: float = field(default_factory=time.monotonic)
    over: bool = False
    """It could not keep up, has gone, or has listened for long enough."""
    write_now: Callable[[bytes], bool] | None = None
    """Writes a piece at once if the connection takes it; False: it has to wait for it."""
    _pieces: list[bytes] = field(default_factory=list)
    _waiter: asyncio.Future[None] | None = None

    def put(self, row: Row, forms: dict[Form, bytes], now: float, *, early: int = 0) -> None:
        """Keep the row for this page if it is its affair. After a gap nothing more is: the page resumes before it.
        `early`: which early word told of it before; 0: none did."""
        if self.over:
            return
        if self.reader is None and row["to"] is None:  # as nearly always
            form: Form = "full" if row["post_id"] == self.post_id else "brief"
        elif self.concerned(row):
            form = self.form_of(row)
        else:
            return
        if self.turn < early:
            if form == "brief":
                return
            form = "counted"
        if form not in forms:
            forms[form] = written(row, form)
        if len(self._pieces) >= MOST_WAITING:
            self.end()
        else:
            self.say(forms[form], now)

    def say(self, piece: bytes, now: float) -> None:
        self.spoke_at = now
        # Between two pieces nobody has to be woken: with a thousand pages that is a third of what an event costs.
        waiter, write = self._waiter, self.write_now
        all_told = waiter is not None and not self._pieces and not waiter.done()
        if all_told and write is not None and write(piece):
            return
        self._pieces.append(piece)
        self._wake()

    def end(self) -> None:
        """What waits is still told."""
        self.over = True
        self._wake()

    async def next(self) -> bytes:
        """All that waits to be told, in one piece; nothing when it is over."""
        # A future and a list, no queue and no timer: with a thousand pages these are most of what an event costs.
        if not self._pieces and not self.over:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        piece = b"".join(self._pieces)
        self._pieces.clear()
        return piece

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def concerned(self, row: Row) -> bool:
        """Whether the row is for everybody or for this member, and wanted."""
        to = row["to"]
        if to is not None and to != self.member_id:
            return False
        return self.reader is None or self.reader.wants(row["content"])

    def form_of(self, row: Row) -> Form:
        """Whether the page needs the whole content, or only that something happened."""
        if row["to"] is None and row["post_id"] != self.post_id:
            return "brief"
        return "full" if self.reader is None or self.reader.wants_quote(row["content"]) else "unquoted"


@dataclass
class _Channel:
    last: int
    listeners: set[Listener] = field(default_factory=set)
    turn: int = 0
    early: dict[str, int] = field(default_factory=dict)
    """Replies that were told early and whose row has not come, each with the number of its early word."""
    passed: dict[str, None] = field(default_factory=dict)
    """Replies of which a row was passed on. An early word that comes after it, when the reply may be gone, is not
    told."""

    async def tell_early(self, row: Row) -> None:
        if row["to"] is not None:  # no row will come
            await self._put(row | {"seq": self.last})
            return
        reply_id = row["content"]["reply_id"]
        # Told here, it is heard from the network as well.
        if reply_id in self.early or reply_id in self.passed:
            return
        self.turn += 1
        _remember(self.early, reply_id, self.turn)
        await self._put(row | {"seq": self.last})

    async def pass_on(self, row: Row) -> None:
        self.last = row["seq"]
        turn = 0
        if row["kind"].startswith("reply."):
            turn = self.early.pop(row["content"]["reply_id"], 0)
            _remember(self.passed, row["content"]["reply_id"], None)
        await self._put(row, early=turn if row["kind"] == "reply.created" else 0)

    async def _put(self, row: Row, *, early: int = 0) -> None:
        """Who begins to listen meanwhile begins behind the row; requests have their turn between some pages."""
        forms: dict[Form, bytes] = {}
        now = time.monotonic()
        for number, listener in enumerate(tuple(self.listeners), 1):
            listener.put(row, forms, now, early=early)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)


V = TypeVar("V")


def _remember(known: dict[str, V], reply_id: str, value: V) -> None:
    if len(known) >= MOST_EARLY:
        del known[next(iter(known))]
    known[reply_id] = value


@dataclass
class Hub:
    """`last_seq` and `since` read a community's sequence; `since` answers nothing while it cannot."""

    last_seq: Callable[[str], Awaitable[int]]
    since: Callable[[str, int], Awaitable[list[Row]]]
    poll_seconds: float
    heartbeat_seconds: float
    """A page that was told nothing for so long is given a sign of life: proxies end what is silent."""
    now: Callable[[], datetime]
    _channels: dict[str, _Channel] = field(default_factory=dict)
    _woken: set[str] = field(default_factory=set)
    _early: list[tuple[_Channel, Row, asyncio.Future[None]]] = field(default_factory=list)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.asynccontextmanager
    async def listen(
        self, account_id: str, member_id: str | None, post_id: str | None, reader: Reader
    ) -> AsyncIterator[Listener]:
        """Listen to a community until the block is left."""
        if account_id not in self._channels:
            last = await self.last_seq(account_id)
            self._channels.setdefault(account_id, _Channel(last))
        channel = self._channels[account_id]
        # Most readers want everything: a thousand of them are not asked for each event.
        asked = reader if reader.picky else None
        listener = Listener(member_id, post_id, asked, channel.last, channel.turn)
        channel.listeners.add(listener)
        try:
            yield listener
        finally:
            channel.listeners.discard(listener)
            if not channel.listeners and self._channels.get(account_id) is channel:
                del self._channels[account_id]

    async def wake(self, account_id: str) -> None:
        """Something happened there."""
        if account_id in self._channels:
            self._woken.add(account_id)
            self._wake.set()

    def tell_early(self, account_id: str, content: dict[str, Any]) -> asyncio.Future[None]:
        """A reply that has just been stored and is visible, as its row will have it. Done when pages were told.

        What the network brings late is left to the row: the reply may be gone, and pages that were opened since would
        never hear of that.
        """
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        channel = self._channels.get(account_id)
        late = self.now() - datetime.fromisoformat(content["created_at"]) > EARLY
        if channel is None or late:
            told.set_result(None)
        else:
            row = {"kind": "reply.created", "post_id": content["post_id"], "to": None, "content": content}
            self._early.append((channel, row, told))
            self._wake.set()
        return told

    def tell_member(self, account_id: str, member_id: str, kind: str) -> None:
        """Something that only this member's pages need to know, and ask about again when they come back: no row has it.
        In turn with the rows, so that its position is right."""
        channel = self._channels.get(account_id)
        if channel is not None:
            row: Row = {"kind": kind, "post_id": None, "to": member_id, "content": {}}
            self._early.append((channel, row, asyncio.get_running_loop().create_future()))
            self._wake.set()

    async def run(self) -> None:
        """Pass on what happens, for ever. Hints or not, each community is looked at every `poll_seconds`."""
        beating = asyncio.create_task(self._beating())
        looked_at = float("-inf")
        try:
            with suppress_instrumentation():
                while True:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), self.poll_seconds)
                    self._wake.clear()
                    early, self._early = self._early, []
                    for channel, row, told in early:
                        await channel.tell_early(row)
                        if not told.done():
                            told.set_result(None)
                    due, self._woken = self._woken, set()
                    if time.monotonic() - looked_at >= self.poll_seconds:
                        due, looked_at = set(self._channels), time.monotonic()
                    for account_id in due:
                        await self._pass_on(account_id)
        finally:
            beating.cancel()

    async def _pass_on(self, account_id: str) -> None:
        if (channel := self._channels.get(account_id)) is None:
            return
        rows = await self.since(account_id, channel.last)
        for row in rows:
            await channel.pass_on(row)
        if len(rows) >= MOST_PASSED_ON:  # there is more; after the other communities
            await self.wake(account_id)

    async def _beating(self) -> None:
        """Apart from what is passed on, which waits for the database."""
        while True:
            await asyncio.sleep(min(self.heartbeat_seconds, self.poll_seconds))
            now = time.monotonic()
            for channel in self._channels.values():
                for listener in channel.listeners:
                    if now - listener.spoke_at >= self.heartbeat_seconds:
                        listener.say(STILL_HERE, now)
