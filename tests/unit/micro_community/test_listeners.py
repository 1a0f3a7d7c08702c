"""An open page is told everything in order, or nothing more."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import Message

from kit.clock import SystemClock
from services.micro_community.adapters.hub import EARLY, MOST_PASSED_ON, MOST_WAITING, Hub, Listener
from services.micro_community.adapters.telling import Row
from services.micro_community.api.stream import _at_once, _ended
from services.micro_community.queries.viewer import Viewer


def listener() -> Listener:
    return Listener("me", "p", reader=None, start=0)


def row(seq: int, to: str | None = None) -> Row:
    return {"seq": seq, "to": to, "kind": "reply.created", "post_id": "p", "content": {"n": seq, "reply_id": f"r{seq}"}}


async def test_a_page_that_cannot_keep_up_is_told_nothing_behind_the_gap() -> None:
    page = listener()
    for seq in range(1, MOST_WAITING + 10):
        page.put(row(seq), {}, now=0.0)
    told = (await page.next()).decode()
    assert f"id: {MOST_WAITING}\n" in told
    assert f"id: {MOST_WAITING + 1}\n" not in told
    page.put(row(MOST_WAITING + 20), {}, now=0.0)
    assert await page.next() == b"", "it is over: the browser comes back with the last id that it has"


async def test_a_page_is_told_only_what_is_for_everybody_or_for_its_member() -> None:
    page = listener()
    for seq, to in enumerate((None, "me", "other"), 1):
        page.put(row(seq, to), {}, now=0.0)
    told = (await page.next()).decode()
    assert ("id: 1\n" in told, "id: 2\n" in told, "id: 3\n" in told) == (True, True, False)


def replied(reply_id: str, seq: int = 0, floor: int | None = None) -> Row:
    content = {"post_id": "p", "reply_id": reply_id, "root_id": None, "text": "说", "floor": floor}
    content["created_at"] = datetime.now(UTC).isoformat()
    return {"seq": seq, "to": None, "kind": "reply.created", "post_id": "p", "content": content}


@dataclass
class Sequence:
    """What the database would answer."""

    rows: list[Row] = field(default_factory=list)

    async def last_seq(self, _: str) -> int:
        return self.rows[-1]["seq"] if self.rows else 0

    async def since(self, _: str, seq: int) -> list[Row]:
        return [row for row in self.rows if row["seq"] > seq]


def kinds(piece: bytes) -> list[tuple[str, str]]:
    """The events of a piece, each with its id."""
    found = []
    for block in piece.decode().split("\n\n")[:-1]:
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((lines["event"], lines.get("id", "")))
    return found


async def test_a_reply_is_told_before_it_has_its_place_and_then_only_counted() -> None:
    sequence = Sequence()
    hub = Hub(sequence.last_seq, sequence.since, 60.0, 60.0, SystemClock().now)
    reader = Viewer("me")
    async with asyncio.timeout(10), contextlib.AsyncExitStack() as pages:
        running = asyncio.create_task(hub.run())
        here = await pages.enter_async_context(hub.listen("a", "me", "p", reader))
        elsewhere = await pages.enter_async_context(hub.listen("a", "me", "another", reader))
        for _ in range(2):  # told here, and heard from the network
            told_here = hub.tell_early("a", replied("r1")["content"])
        assert hub.tell_early("another community", replied("r9")["content"]).done(), "there is nobody to be told"
        assert not told_here.done()
        await told_here
        assert kinds(await here.next()) == kinds(await elsewhere.next()) == [("reply.created", "0")]
        late = await pages.enter_async_context(hub.listen("a", "me", "p", reader))
        sequence.rows = [replied("r1", 1, floor=7), replied("r2", 2, floor=8)]
        await hub.wake("a")
        told = await here.next()
        assert kinds(told) == [("reply.counted", "1"), ("reply.created", "2")]
        assert b'"floor":7' in told and "说" not in told.decode().split("\n\n")[0]
        assert kinds(await elsewhere.next()) == [("reply.created", "2")]
        assert kinds(await late.next()) == [("reply.created", "1"), ("reply.created", "2")]
        running.cancel()


async def test_more_than_is_read_at_once_is_told_without_being_asked_again() -> None:
    sequence = Sequence()

    async def since(account_id: str, seq: int) -> list[Row]:
        return (await sequence.since(account_id, seq))[:MOST_PASSED_ON]

    hub = Hub(sequence.last_seq, since, 60.0, 60.0, SystemClock().now)
    async with asyncio.timeout(10), hub.listen("a", "me", "p", Viewer("me")) as page:
        running = asyncio.create_task(hub.run())
        others = [row(seq, to="other") for seq in range(1, 2 * MOST_PASSED_ON + 1)]
        sequence.rows = [*others, row(2 * MOST_PASSED_ON + 1, to="me")]
        await hub.wake("a")
        assert kinds(await page.next()) == [("reply.created", str(2 * MOST_PASSED_ON + 1))]
        running.cancel()


async def test_who_is_brought_back_is_told_of_in_full_again() -> None:
    sequence = Sequence()
    hub = Hub(sequence.last_seq, sequence.since, 60.0, 60.0, SystemClock().now)
    async with asyncio.timeout(10), hub.listen("a", "me", "p", Viewer("me")) as page:
        running = asyncio.create_task(hub.run())
        hub.tell_early("a", replied("r1")["content"])
        gone = replied("r1", 2) | {"kind": "reply.removed"}
        sequence.rows = [replied("r1", 1, floor=1), gone, replied("r1", 3, floor=1)]
        await hub.wake("a")
        told = kinds(await page.next())
        while len(told) < 4:
            told += kinds(await page.next())
        assert told == [("reply.created", "0"), ("reply.counted", "1"), ("reply.removed", "2"), ("reply.created", "3")]
        # What the network held back says nothing of what may be gone by now.
        hub.tell_early("a", replied("r1")["content"])
        before = datetime.now(UTC) - EARLY * 1.2
        hub.tell_early("a", replied("r3")["content"] | {"created_at": before.isoformat()})
        hub.tell_early("a", replied("r2")["content"])
        late = await page.next()
        assert kinds(late) == [("reply.created", "3")] and b"r2" in late
        running.cancel()


async def test_what_is_one_members_alone_is_told_to_their_pages_at_the_position_of_the_last_row() -> None:
    sequence = Sequence()
    hub = Hub(sequence.last_seq, sequence.since, 60.0, 60.0, SystemClock().now)
    async with (
        asyncio.timeout(10),
        hub.listen("a", "me", "p", Viewer("me", muted_words=("说",))) as mine,
        hub.listen("a", "you", "p", Viewer("you")) as theirs,
    ):
        running = asyncio.create_task(hub.run())
        sequence.rows = [row(1, "you") | {"kind": "notification"}]
        hub.tell_member("a", "me", "notification.read")
        hub.tell_member("another community", "me", "notification.read")
        assert kinds(await mine.next()) == [("notification.read", "0")]
        await hub.wake("a")
        assert kinds(await theirs.next()) == [("notification", "1")]
        hub.tell_member("a", "me", "notification.read")
        assert kinds(await mine.next()) == [("notification.read", "1")]
        running.cancel()


async def test_what_the_reader_does_not_want_is_not_told_early_either() -> None:
    sequence = Sequence()
    hub = Hub(sequence.last_seq, sequence.since, 60.0, 60.0, SystemClock().now)
    picky = Viewer("me", muted_words=("说",))
    async with (
        asyncio.timeout(10),
        hub.listen("a", "me", "p", picky) as one,
        hub.listen("a", "you", "p", Viewer("you")) as two,
    ):
        running = asyncio.create_task(hub.run())
        hub.tell_early("a", replied("r1")["content"])
        assert kinds(await two.next()) == [("reply.created", "0")]
        await asyncio.sleep(0)
        one.end()
        assert await one.next() == b""
        running.cancel()


async def test_a_page_that_waits_is_woken_by_a_row_and_by_the_end() -> None:
    page = listener()
    waiting = asyncio.create_task(page.next())
    await asyncio.sleep(0)
    page.put(row(1), {}, now=0.0)
    assert b"id: 1" in await waiting
    waiting = asyncio.create_task(page.next())
    await asyncio.sleep(0)
    page.end()
    assert await waiting == b""


async def test_a_piece_is_written_at_once_or_not_at_all() -> None:
    """A connection that is full takes nothing at once; what was to be written waits for its turn, in order."""
    taken: list[bytes] = []
    free = asyncio.Event()
    free.set()

    async def send(message: Message) -> None:
        if not free.is_set():
            await free.wait()
        if message["body"] == b"id: 9":
            raise RuntimeError("a connection that is broken")
        taken.append(message["body"])

    async def write(page: Listener) -> None:
        while piece := await page.next():
            await send({"type": "http.response.body", "body": piece})

    page = listener()
    page.write_now = _at_once(send)
    writing = asyncio.create_task(write(page))
    await asyncio.sleep(0)
    page.say(b"1", now=0.0)
    assert taken == [b"1"], "nobody had to be woken"
    free.clear()
    for piece in (b"2", b"3"):
        page.say(piece, now=0.0)
    await asyncio.sleep(0)
    assert taken == [b"1"]
    free.set()
    page.say(b"4", now=0.0)
    assert page.write_now(b"id: 9") is False
    page.end()
    async with asyncio.timeout(10):
        await writing
    assert b"".join(taken) == b"1234"


async def test_whatever_ends_the_listening_ends_it() -> None:
    async def too_large() -> Message:
        raise HTTPException(413)

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    for receive in (too_large, gone):
        page = listener()
        await _ended(receive, page)
        assert page.over


async def test_silent_pages_are_given_a_sign_of_life_while_the_database_does_not_answer() -> None:
    asked = asyncio.Event()

    async def last_seq(_: str) -> int:
        return 0

    async def never(_: str, __: int) -> list[dict[str, Any]]:
        asked.set()
        await asyncio.Event().wait()
        return []

    hub = Hub(last_seq, never, 0.01, 0.02, SystemClock().now)
    async with asyncio.timeout(10), hub.listen("a", None, None, Viewer()) as page:
        running = asyncio.create_task(hub.run())
        await asked.wait()
        assert await page.next() == b": still here\n\n"
        running.cancel()
