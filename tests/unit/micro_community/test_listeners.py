"""An open page is told everything in order, or nothing more."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import Message

from services.micro_community.adapters.hub import MOST_WAITING, Hub, Listener, Row
from services.micro_community.api.stream import _ended


def listener() -> Listener:
    return Listener("me", "p", wants=lambda _: True, wants_quote=lambda _: True, start=0)


def row(seq: int, to: str | None = None) -> Row:
    return {"seq": seq, "to": to, "kind": "reply.created", "post_id": "p", "content": {"n": seq}}


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

    hub = Hub(last_seq, never, poll_seconds=0.01, heartbeat_seconds=0.02)
    async with asyncio.timeout(10), hub.listen("a", None, None, listener()) as page:
        running = asyncio.create_task(hub.run())
        await asked.wait()
        assert await page.next() == b": still here\n\n"
        running.cancel()
