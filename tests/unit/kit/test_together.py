"""Asking for many at once: who waits, who shares, whose failure is whose."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from kit.together import CROWDED_SECONDS, Together, sharing

LONG = 60.0


class Counter:
    """Answers each number with its square, one list at a time, when it is let."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.let = asyncio.Event()

    async def squares(self, numbers: list[int]) -> list[int | Exception]:
        self.asked.append(numbers)
        await self.let.wait()
        return [number * number if number >= 0 else ValueError(number) for number in numbers]


async def begun(*questions: asyncio.Task[Any]) -> None:
    """Let the tasks run until all of them wait."""
    for _ in range(3 * len(questions) + 3):
        await asyncio.sleep(0)


async def test_one_question_is_asked_at_once_and_the_rest_together() -> None:
    counter = Counter()
    together = Together(counter.squares)
    first = asyncio.create_task(together(1))
    await begun(first)
    others = [asyncio.create_task(together(number)) for number in (2, 3, 4)]
    await begun(*others)
    assert counter.asked == [[1]]
    counter.let.set()
    assert [await task for task in (first, *others)] == [1, 4, 9, 16]
    assert counter.asked == [[1], [2, 3, 4]]


async def test_a_failure_belongs_to_its_question() -> None:
    counter = Counter()
    counter.let.set()
    together = Together(counter.squares)
    answers = await asyncio.gather(together(2), together(-1), together(3), return_exceptions=True)
    assert answers[0] == 4 and answers[2] == 9
    assert isinstance(answers[1], ValueError)


async def test_when_nothing_is_answered_everybody_is_told() -> None:
    async def broken(_: list[int]) -> list[int | Exception]:
        raise ConnectionError("gone")

    together = Together(broken)
    answers = await asyncio.gather(together(1), together(2), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ConnectionError, ConnectionError]
    assert [type(answer) for answer in await asyncio.gather(together(3), return_exceptions=True)] == [ConnectionError]


async def test_one_who_goes_does_not_take_the_answer_from_the_others() -> None:
    counter = Counter()
    together = Together(counter.squares)
    going, staying = asyncio.create_task(together(5)), asyncio.create_task(together(6))
    await begun(going, staying)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    counter.let.set()
    assert await staying == 36


async def test_equal_questions_are_asked_once_but_never_from_an_answer_under_way() -> None:
    asked: list[str] = []
    let = asyncio.Event()

    async def answer(question: str) -> str:
        asked.append(question)
        await let.wait()
        return f"{question} {len(asked)}"

    shared = sharing(answer)
    early = asyncio.create_task(shared("page"))
    await begun(early)
    late = [asyncio.create_task(shared("page")) for _ in range(3)]
    let.set()
    assert await early == "page 1"
    assert [await task for task in late] == ["page 2"] * 3
    assert asked == ["page", "page"]


@dataclass
class Lane:
    """Who asks together in a crowd. A round takes a minute of the lane's own clock, and may be waited for as long."""

    counter: Counter = field(default_factory=Counter)
    now: float = 0.0
    together: Together[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.counter.let.set()
        self.together = Together(self._squares, gathering=LONG, seconds=lambda: self.now)

    async def _squares(self, numbers: list[int]) -> list[int | Exception]:
        self.now += LONG
        return await self.counter.squares(numbers)

    async def crowd(self) -> None:
        """Three who are served together."""
        await asyncio.gather(*(self.together(number) for number in (1, 2, 3)))

    async def asked(self, *numbers: int) -> list[asyncio.Task[int]]:
        """They come one after the other."""
        tasks: list[asyncio.Task[int]] = []
        for number in numbers:
            tasks.append(asyncio.create_task(self.together(number)))
            await begun(*tasks)
        return tasks


async def test_a_crowd_that_was_served_together_is_waited_for() -> None:
    lane = Lane()
    await lane.crowd()
    back = await lane.asked(4, 5, 6)
    assert [await task for task in back] == [16, 25, 36]
    assert lane.counter.asked == [[1, 2, 3], [4, 5, 6]]


async def test_who_comes_back_alone_is_answered_and_is_no_crowd_from_then_on() -> None:
    lane = Lane()
    lane.together = Together(lane.counter.squares, gathering=0.001)
    await lane.crowd()
    assert await lane.together(4) == 16
    (alone,) = await lane.asked(5)
    assert lane.counter.asked == [[1, 2, 3], [4], [5]]
    assert await alone == 25


async def test_a_crowd_of_long_ago_is_not_waited_for() -> None:
    lane = Lane()
    await lane.crowd()
    lane.now += CROWDED_SECONDS + 0.001
    (alone,) = await lane.asked(4)
    assert lane.counter.asked == [[1, 2, 3], [4]]
    assert await alone == 16


async def test_nobody_waits_longer_than_the_last_round_took() -> None:
    lane = Lane()
    lane.together = Together(lane.counter.squares, gathering=LONG, seconds=lambda: 0.0)
    await lane.crowd()
    (alone,) = await lane.asked(4)
    assert lane.counter.asked == [[1, 2, 3], [4]]
    assert await alone == 16


async def test_who_waits_for_a_crowd_may_go() -> None:
    lane = Lane()
    await lane.crowd()
    (going,) = await lane.asked(4)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    back = await lane.asked(5, 6)
    assert [await task for task in back] == [25, 36]
