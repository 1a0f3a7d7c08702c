"""Answers that are the same for everybody, kept for a moment: a hundred readers a second need one read of it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Q = TypeVar("Q", bound=Hashable)
A = TypeVar("A")
MOMENT_SECONDS = 0.1
MOST_KEPT = 256


@dataclass
class Recent(Generic[Q, A]):
    """An answer is given again for a moment after it was asked for, but not past a change that `forget` tells of.

    Nothing that fails is kept, nor what was read while something changed.
    """

    ask: Callable[[Q], Awaitable[A]]
    seconds: Callable[[], float] = time.monotonic
    _kept: dict[Q, tuple[float, A]] = field(default_factory=dict)
    _changes: int = 0

    def kept(self, question: Q) -> A | None:
        """The answer, if it is kept and holds."""
        asked_at, answer = self._kept.get(question, (0.0, None))
        return answer if answer is not None and self.seconds() - asked_at < MOMENT_SECONDS else None

    async def __call__(self, question: Q) -> A:
        kept = self.kept(question)
        if kept is not None:
            return kept
        asked_at, changes = self.seconds(), self._changes
        fresh = await self.ask(question)
        if changes == self._changes:
            self._drop_old(asked_at)
            self._kept[question] = asked_at, fresh
        return fresh

    def _drop_old(self, now: float) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        for question in [known for known, (at, _) in self._kept.items() if now - at >= MOMENT_SECONDS]:
            del self._kept[question]

    def forget(self) -> None:
        """Something has changed."""
        self._changes += 1
        self._kept.clear()
