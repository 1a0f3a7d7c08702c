"""The sandbox's own time: real time plus an offset that only grows, and timers that live by it."""

import asyncio
import time
from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


class Clock:
    """Seconds since the epoch. Moving it forward wakes whoever waits for a moment that has thereby come."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset
        self._moved = asyncio.Event()

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Move forward; going back would revive tokens that were seen dead, so it is refused."""
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        self.offset += seconds
        self.poke()

    def poke(self) -> None:
        """Let everybody who waits look again."""
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def wait(self, until: float | None) -> None:
        """Return at `until`, or earlier when the clock was moved or poked: callers look again themselves."""
        moved = self._moved
        try:
            await asyncio.wait_for(moved.wait(), None if until is None else max(0.0, until - self.now()))
        except TimeoutError:
            return

    async def sleep_until(self, at: float) -> None:
        while self.now() < at:
            await self.wait(at)

    def day(self) -> str:
        """The calendar day in Beijing: quotas start anew at its midnight."""
        return datetime.fromtimestamp(self.now(), BEIJING).strftime("%Y-%m-%d")

    def month(self) -> str:
        return self.day()[:7]


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def beijing(at: float) -> datetime:
    return datetime.fromtimestamp(at, BEIJING)
