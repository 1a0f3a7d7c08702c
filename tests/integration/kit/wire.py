"""A wire between a client and a server that can be cut at an exact point of their conversation."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TypeAlias

End: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]
CHUNK = 65_536


@dataclass
class Cut:
    """Where to cut: at the client's bytes `at`, on `times` occasions."""

    at: bytes
    delivered: bool
    """True: the server still gets them and acts, but the client never hears the answer. False: they never arrive."""
    closes: bool
    """True: the connection breaks, once the server has answered. False: it hangs, and nothing gets through any more."""
    times: int
    happened: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Wire:
    """Passes bytes on between its own port and the server's."""

    target: int
    port: int = 0
    cuts: list[Cut] = field(default_factory=list)
    ends: set[asyncio.StreamWriter] = field(default_factory=set)

    def cut(self, at: bytes, *, delivered: bool, closes: bool = False, times: int = 1) -> Cut:
        """Cut when the client says `at`."""
        found = Cut(at, delivered, closes, times)
        self.cuts.append(found)
        return found

    def due(self, data: bytes) -> Cut | None:
        return next((cut for cut in self.cuts if cut.times and cut.at in data), None)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", self.target)
        self.ends |= {writer, there[1]}
        await _Line(self, (reader, writer), there).hold()
        for end in (writer, there[1]):
            end.close()
            self.ends.discard(end)


@dataclass
class _Line:
    """One connection."""

    wire: Wire
    here: End
    there: End
    cut: Cut | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    async def hold(self) -> None:
        """Until one side hangs up, or the line is cut."""
        ways = [asyncio.create_task(self._questions()), asyncio.create_task(self._answers())]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)

    async def _questions(self) -> None:
        while data := await self.here[0].read(CHUNK):
            if self.cut is not None:
                continue
            self.cut = self.wire.due(data)
            if self.cut is None or self.cut.delivered:
                self.there[1].write(data)
            if self.cut is not None:
                await self._make(self.cut)
                if self.cut.closes:
                    return

    async def _answers(self) -> None:
        while data := await self.there[0].read(CHUNK):
            if self.cut is None:
                self.here[1].write(data)
            else:
                self.answered.set()

    async def _make(self, cut: Cut) -> None:
        cut.times -= 1
        if cut.delivered:
            await self.answered.wait()
        if not cut.times:
            cut.happened.set()


@contextlib.asynccontextmanager
async def wire_to(port: int) -> AsyncIterator[Wire]:
    """A wire to a server on this machine."""
    wire = Wire(port)
    server = await asyncio.start_server(wire.connected, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        server.close()
        for end in list(wire.ends):
            end.close()
