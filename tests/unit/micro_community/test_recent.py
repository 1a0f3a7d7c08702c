"""What everybody sees is kept for a moment, never past a change."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from services.micro_community.queries.recent import MOMENT_SECONDS, MOST_KEPT, Recent


@dataclass
class Source:
    """Answers how often it was asked; `gate` holds answers back."""

    asked: int = 0
    fails: bool = False
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, question: int) -> int:
        self.asked += 1
        number = self.asked
        self.begun.set()
        await self.gate.wait()
        if self.fails:
            raise LookupError(question)
        return number


def opened() -> tuple[Source, Recent[int, int]]:
    source = Source()
    source.gate.set()
    return source, Recent(source.ask)


async def test_an_answer_is_given_again_but_not_past_a_change() -> None:
    _, recent = opened()
    assert await recent(1) == await recent(1) == 1
    assert await recent(2) == 2
    recent.forget()
    assert await recent(1) == 3


async def test_an_answer_is_not_kept_for_longer_than_a_moment() -> None:
    source, now = Source(), [100.0]
    source.gate.set()
    recent = Recent(source.ask, seconds=lambda: now[0])
    assert await recent(1) == 1
    now[0] += MOMENT_SECONDS * 0.9
    assert await recent(1) == 1
    now[0] += MOMENT_SECONDS * 0.2
    assert await recent(2) == 2
    assert list(recent._kept) == [2], "what is older than a moment takes no room"
    assert await recent(1) == 3


async def test_what_was_read_while_something_changed_is_not_kept() -> None:
    source = Source()
    recent = Recent(source.ask)
    early = asyncio.create_task(recent(1))
    await source.begun.wait()
    recent.forget()
    source.gate.set()
    assert await early == 1
    assert await recent(1) == 2


async def test_nothing_that_fails_is_kept_and_there_is_an_end_to_it() -> None:
    source, recent = opened()
    recent.seconds = lambda: 0.0
    source.fails = True
    for _ in range(2):
        with pytest.raises(LookupError):
            await recent(1)
    assert source.asked == 2
    source.fails = False
    for question in range(MOST_KEPT + 1):
        await recent(question)
    assert list(recent._kept) == list(range(1, MOST_KEPT + 1)), "the oldest makes room"
