"""What is a reader's own is kept while they read on, never past a change of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from services.micro_community.queries.own import KEPT_SECONDS, MOST_MEMBERS, MOST_PAGES, OwnMarks
from services.micro_community.queries.viewer import Asked, Mine, Viewer


@dataclass
class Rows:
    """Answers a new `Mine` each time; `gate` holds answers back."""

    asked: int = 0
    heard: int | None = 0
    now: float = 100.0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()
        self.own = OwnMarks(self.ask, lambda: self.heard, lambda: self.now)

    async def ask(self, asked: Asked) -> Mine:
        self.asked += 1
        own = Mine(Viewer(asked.member_id), liked=frozenset({f"as of {self.asked}"}))
        self.begun.set()
        await self.gate.wait()
        return own


def page(member_id: str, *post_ids: str) -> Asked:
    return Asked(member_id, frozenset(post_ids))


async def test_the_same_page_is_asked_for_once_until_its_reader_changes_something() -> None:
    rows = Rows()
    first = await rows.own(page("mei", "1", "2"))
    assert await rows.own(page("mei", "2", "1")) is first
    assert (await rows.own(page("mei", "1"))) is not first, "another page"
    assert (await rows.own(page("lan", "1", "2"))) is not first, "another reader"
    rows.own.forget("lan")
    assert await rows.own(page("mei", "1", "2")) is first
    rows.own.forget("mei")
    assert await rows.own(page("mei", "1", "2")) is not first


async def test_what_was_read_before_a_change_is_not_kept_after_it() -> None:
    rows = Rows()
    rows.gate.clear()
    early = asyncio.create_task(rows.own(page("mei", "1")))
    await rows.begun.wait()
    rows.own.forget("mei")
    late = asyncio.create_task(rows.own(page("mei", "1")))
    await asyncio.sleep(0)
    rows.gate.set()
    assert (await early).liked == {"as of 1"}
    assert (await late).liked == {"as of 2"}
    assert (await rows.own(page("mei", "1"))).liked == {"as of 2"}


async def test_nothing_is_kept_while_changes_elsewhere_may_go_unheard() -> None:
    rows = Rows()
    first = await rows.own(page("mei", "1"))
    rows.heard = None
    assert await rows.own(page("mei", "1")) is not first
    rows.heard = 1
    again = await rows.own(page("mei", "1"))
    assert again is not first, "a change may have been missed meanwhile"
    assert await rows.own(page("mei", "1")) is again
    rows.now += KEPT_SECONDS
    assert await rows.own(page("mei", "1")) is not again


async def test_it_takes_a_bounded_room() -> None:
    rows = Rows()
    for number in range(MOST_PAGES * 2):
        await rows.own(page("mei", str(number)))
    assert [len(kept.pages) for kept in rows.own._members.values()] == [MOST_PAGES]
    for number in range(MOST_MEMBERS + 5):
        await rows.own(page(f"m{number}", "1"))
        if number % 100 == 0:
            await rows.own(page("mei", "0"))
    assert len(rows.own._members) == MOST_MEMBERS
    assert "mei" in rows.own._members, "who reads stays"
