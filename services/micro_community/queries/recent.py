"""Answers that are the same for everybody, kept for a moment: a hundred readers a second need one read of it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Q = TypeVar("Q", bound=Hashable)
A = TypeVar("A")
MOMENT_SECONDS = 0.1
MOST_KEPT = 1_024


@dataclass
class Recent(Generic[Q, A]):
    """An answer is given again for a moment after it was asked for, but not past a change that `forget` tells of.

    Nothing that fails is kept, nor what was read while something changed.
    """

    ask: Callable[[Q], Awaitable[A]]
    lasts: float = MOMENT_SECONDS
    """Seconds."""
    seconds: Callable[[], float] = time.monotonic
    _kept: dict[Q, tuple[float, A]] = field(default_factory=dict)
    _changes: int = 0

    def kept(self, question: Q) -> A | None:
        """The answer, if it is kept and holds."""
        asked_at, answer = self._kept.get(question, (0.0, None))
        return answer if answer is not None and self.seconds() - asked_at < self.lasts else None

    async def __call__(self, question: Q) -> A:
        kept = self.kept(question)
        if kept is not None:
            return kept
        asked_at, changes = self.seconds(), self._changes
        fresh = await self.ask(question)
        if changes == self._changes:
            self._kept.pop(question, None)  # the oldest comes first
            self._make_room(asked_at)
            self._kept[question] = asked_at, fresh
        return fresh

    def _make_room(self, now: float) -> None:
        while self._kept:
            oldest = next(iter(self._kept))
            if len(self._kept) < MOST_KEPT and now - self._kept[oldest][0] < self.lasts:
                return
            del self._kept[oldest]

    def forget(self) -> None:
        """Something has changed."""
        self._changes += 1
        self._kept.clear()
