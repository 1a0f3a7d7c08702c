"""The hub: one read of the database for all pages of a community that are open at this replica.

A page that listens gets every row after the position it starts from, in order, once. One that cannot keep up is let
go; its browser comes back with `Last-Event-ID` and continues there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from opentelemetry.instrumentation.utils import suppress_instrumentation

Row: TypeAlias = dict[str, Any]
Form: TypeAlias = Literal["full", "unquoted", "brief"]
MOST_WAITING = 256
STILL_HERE = b": still here\n\n"
BRIEF = ("post_id", "reply_id", "root_id", "author_id", "board_id")


class Reader(Protocol):
    """Whoever looks at the page, with what they do not want to see."""

    def wants(self, row: Row) -> bool: ...

    def wants_quote(self, row: Row) -> bool: ...


@dataclass(eq=False)
class Listener:
    """One open page. `post_id`: the post it shows, whose replies it gets in full; `wants`: not what is blocked."""

    member_id: str | None
    post_id: str | None
    wants: Callable[[Row], bool]
    wants_quote: Callable[[Row], bool]
    start: int
    """Position of the last row before those that will be put."""
    spoke_at: float = field(default_factory=time.monotonic)
    over: bool = False
    """It could not keep up, has gone, or has listened for long enough."""
    _pieces: list[bytes] = field(default_factory=list)
    _waiter: asyncio.Future[None] | None = None

    def put(self, row: Row, forms: dict[Form, bytes], now: float) -> None:
        """Keep the row for this page if it is its affair. After a gap nothing more is: the page resumes before it."""
        if self.over or not self.concerned(row):
            return
        form = self.form_of(row)
        if form not in forms:
            forms[form] = written(row, form)
        if len(self._pieces) >= MOST_WAITING:
            self.end()
        else:
            self.say(forms[form], now)

    def say(self, piece: bytes, now: float) -> None:
        self._pieces.append(piece)
        self.spoke_at = now
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
        return row["to"] in (None, self.member_id) and self.wants(row["content"])

    def form_of(self, row: Row) -> Form:
        """Whether the page needs the whole content, or only that something happened."""
        if row["to"] is None and row["post_id"] != self.post_id:
            return "brief"
        return "full" if self.wants_quote(row["content"]) else "unquoted"


@dataclass
class _Channel:
    last: int
    listeners: set[Listener] = field(default_factory=set)


@dataclass
class Hub:
    """`last_seq` and `since` read a community's sequence; `since` answers nothing while it cannot."""

    last_seq: Callable[[str], Awaitable[int]]
    since: Callable[[str, int], Awaitable[list[Row]]]
    poll_seconds: float
    heartbeat_seconds: float
    """A page that was told nothing for so long is given a sign of life: proxies end what is silent."""
    _channels: dict[str, _Channel] = field(default_factory=dict)
    _woken: set[str] = field(default_factory=set)
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
        listener = Listener(member_id, post_id, reader.wants, reader.wants_quote, channel.last)
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
                    due, self._woken = self._woken, set()
                    if time.monotonic() - looked_at >= self.poll_seconds:
                        due, looked_at = set(self._channels), time.monotonic()
                    for account_id in due:
                        await self._pass_on(account_id)
        finally:
            beating.cancel()

    async def _pass_on(self, account_id: str) -> None:
        channel = self._channels.get(account_id)
        if channel is None:
            return
        rows, now = await self.since(account_id, channel.last), time.monotonic()
        for row in rows:
            channel.last = row["seq"]
            forms: dict[Form, bytes] = {}
            for listener in channel.listeners:
                listener.put(row, forms, now)

    async def _beating(self) -> None:
        """Apart from what is passed on, which waits for the database."""
        while True:
            await asyncio.sleep(min(self.heartbeat_seconds, self.poll_seconds))
            now = time.monotonic()
            for channel in self._channels.values():
                for listener in channel.listeners:
                    if now - listener.spoke_at >= self.heartbeat_seconds:
                        listener.say(STILL_HERE, now)


def written(row: Row, form: Form) -> bytes:
    """A row as a server-sent event; JSON has no line ends of its own, so text cannot break out of it."""
    content = row["content"]
    if form == "brief":
        content = {name: content[name] for name in BRIEF if name in content}
    elif form == "unquoted":
        content = content | {"quoted": None}
    return event(row["kind"], content, seq=row["seq"])


def event(kind: str, content: dict[str, Any], *, seq: int) -> bytes:
    """One server-sent event; its id is the position to continue from."""
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"id: {seq}\nevent: {kind}\ndata: {data}\n\n".encode()
