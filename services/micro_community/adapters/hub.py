"""The hub: one read of the database for all pages of a community that are open at this replica.

A page that listens gets every row after the position it starts from, in order, once. One that cannot keep up is let
go; its browser comes back with `Last-Event-ID` and continues there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from opentelemetry.instrumentation.utils import suppress_instrumentation

Row: TypeAlias = dict[str, Any]
Form: TypeAlias = Literal["full", "unquoted", "brief"]
MOST_WAITING = 256
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
    """Position of the last row before those that will come through `queue`."""
    queue: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    lagging: bool = False

    def put(self, row: Row, forms: dict[Form, bytes]) -> None:
        """Queue the row if it is this page's affair."""
        if not self.concerned(row):
            return
        form = self.form_of(row)
        if form not in forms:
            forms[form] = written(row, form)
        try:
            self.queue.put_nowait(forms[form])
        except asyncio.QueueFull:
            self.lagging = True

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
        """Pass on what happens, for ever. Without a hint each community is looked at every `poll_seconds`."""
        with suppress_instrumentation():
            while True:
                try:
                    await asyncio.wait_for(self._wake.wait(), self.poll_seconds)
                    self._wake.clear()
                    due, self._woken = self._woken, set()
                except TimeoutError:
                    due = set(self._channels)
                for account_id in due:
                    await self._pass_on(account_id)

    async def _pass_on(self, account_id: str) -> None:
        channel = self._channels.get(account_id)
        if channel is None:
            return
        for row in await self.since(account_id, channel.last):
            channel.last = row["seq"]
            forms: dict[Form, bytes] = {}
            for listener in list(channel.listeners):
                listener.put(row, forms)


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
