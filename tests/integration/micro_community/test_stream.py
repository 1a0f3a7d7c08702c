"""Live: what open pages are told, in order, across replicas, and nothing lost on the way back."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.micro_community.app import SERVICE
from tests.integration.micro_community.conftest import Follower, Town
from tests.support.services import eventually


@dataclass
class Pages:
    """One open page: the events it got, and how many heartbeats."""

    events: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    beats: int = 0
    text: str = ""

    def take(self, chunk: str) -> None:
        self.text += chunk
        *whole, self.text = self.text.split("\n\n")
        for block in whole:
            lines = dict(line.split(": ", 1) for line in block.split("\n"))
            if "event" in lines:
                self.events.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
            elif block.startswith(":"):
                self.beats += 1

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [content for _, name, content in self.events if name == kind]

    async def until(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        async def look() -> bool:
            return len(self.of(kind)) >= count

        await eventually(look, f"{count} × {kind}; got {[name for _, name, _ in self.events]}")
        return self.of(kind)


@contextlib.asynccontextmanager
async def page(
    follower: Follower, http: httpx.AsyncClient, after: int | None = None, **params: str
) -> AsyncIterator[Pages]:
    found = Pages()
    headers = follower.headers(None) | ({"Last-Event-ID": str(after)} if after is not None else {})

    async def read() -> None:
        async with http.stream("GET", follower.path("/stream"), params=params, headers=headers, timeout=None) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            async for chunk in answer.aiter_text():
                found.take(chunk)

    reading = asyncio.create_task(read())
    try:
        await found.until("hello")
        yield found
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def test_a_reply_reaches_the_author_and_the_watchers_live(town: Town) -> None:
    author, guest, other = [await town.follower(f"o-{n}") for n in range(3)]
    post_id = (await author.post("/posts", {"text": "直播"})).json()["post_id"]
    await town.settled()
    async with (
        page(author, town.http) as mine,
        page(other, town.http, post_id=post_id) as watching,
        page(other, town.http) as elsewhere,
    ):
        await guest.post(f"/posts/{post_id}/replies", {"text": "看到\n第二行"})
        assert (await mine.until("notification"))[0]["excerpt"] == "看到 第二行"
        full = (await watching.until("reply.created"))[0]
        assert (full["text"], full["author"]["member_id"]) == ("看到\n第二行", guest.member_id)
        assert "text" not in (await elsewhere.until("reply.created"))[0]
        assert watching.of("notification") == elsewhere.of("notification") == []

        async def beating() -> bool:
            return mine.beats > 0

        await eventually(beating, "a heartbeat")


async def test_a_reply_is_told_at_every_replica_before_it_is_harvested(town: Town) -> None:
    author, guest = await town.follower("o-author"), await town.follower("o-guest")
    post_id = (await author.post("/posts", {"text": "马上看到"})).json()["post_id"]
    root = (await author.post(f"/posts/{post_id}/replies", {"text": "一楼"})).json()
    await town.settled()
    await town.gateway.stop()  # and with it the worker
    folder = town.house.folder / "pictures"
    here, there = [await town.house.start(SERVICE, roles=("http",), picture_folder=folder) for _ in range(2)]
    async with page(author, here.http, post_id=post_id) as near, page(author, there.http, post_id=post_id) as far:
        body = {"text": "二楼 <b>", "parent_reply_id": root["reply_id"], "quote": True}
        answers = [
            await here.http.post(guest.path(f"/posts/{post_id}/replies"), json=body, headers=guest.headers("once-only"))
            for _ in range(2)
        ]
        assert answers[0].json() == answers[1].json()
        early = [(await one.until("reply.created"))[0] for one in (near, far)]
        assert early[0] == early[1]
        await town.house.start(SERVICE, roles=("worker",), picture_folder=folder)
        counted = [(await one.until("reply.counted"))[0] for one in (near, far)]
        floors = {"post_id": post_id, "reply_id": early[0]["reply_id"], "root_id": root["reply_id"], "floor": None}
        assert counted == [floors, floors]
        assert [len(one.of("reply.created")) for one in (near, far)] == [1, 1], "told once, though it was sent twice"
        position = next(seq for seq, kind, _ in near.events if kind == "reply.counted")
    async with page(author, here.http, after=position - 1, post_id=post_id) as again:
        # Who comes later hears the same, once.
        (late,) = await again.until("reply.created")
    assert early[0] == {name: late[name] for name in early[0]}
    assert late.keys() - early[0].keys() == {"floor"}


async def test_nothing_is_lost_between_two_connections(town: Town) -> None:
    author, guest = await town.follower("o-author"), await town.follower("o-guest")
    post_id = (await author.post("/posts", {"text": "断线"})).json()["post_id"]
    await town.settled()
    async with page(author, town.http) as before:
        await guest.post(f"/posts/{post_id}/replies", {"text": "一"})
        await before.until("notification")
    last = before.events[-1][0]
    for text in ("二", "三", "四"):
        await guest.post(f"/posts/{post_id}/replies", {"text": text})
    await town.settled()
    async with page(author, town.http, after=last) as back:
        await guest.post(f"/posts/{post_id}/replies", {"text": "五"})
        notices = await back.until("notification", 4)
    assert [notice["excerpt"] for notice in notices] == ["二", "三", "四", "五"]
    # A reply that is told early stands where the last row does; each row has a place of its own.
    positions = [seq for seq, name, _ in back.events if name != "hello"]
    assert positions == sorted(positions) and len(back.of("reply.created")) == 4
    seqs = [seq for seq, name, _ in back.events if name == "notification"]
    assert seqs == sorted(set(seqs)) and seqs[0] > last
    async with page(author, town.http, after=0) as from_the_start:
        assert len(await from_the_start.until("notification", 5)) == 5
    async with page(author, town.http, after=10**9) as ahead:
        assert ahead.events[0][1] == "hello"


async def test_what_is_forgotten_is_said_to_be(town: Town) -> None:
    author = await town.follower("o-author")
    await author.post("/posts", {"text": "很久以前"})
    await town.settled()
    await town.gateway.database["activity"].delete_many({})
    found = Pages()
    async with town.http.stream("GET", author.path("/stream"), headers={"Last-Event-ID": "0"}) as answer:
        async for chunk in answer.aiter_text():
            found.take(chunk)
            if found.events:
                break
    assert [(seq, name) for seq, name, _ in found.events] == [(1, "reset")]


async def test_pages_at_another_replica_are_told_too(town: Town) -> None:
    replica = await town.house.start(SERVICE, roles=("http",), live_poll_seconds=60.0)
    author, guest = await town.follower("o-author"), await town.follower("o-guest")
    post_id = (await author.post("/posts", {"text": "两处"})).json()["post_id"]
    await town.settled()
    async with page(author, replica.http) as there:
        await guest.post(f"/posts/{post_id}/replies", {"text": "那边听得到吗"})
        assert (await there.until("notification"))[0]["excerpt"] == "那边听得到吗"


async def test_a_lost_hint_delays_and_loses_nothing(town: Town) -> None:
    author = await town.follower("o-author")
    async with page(author, town.http) as open_page:
        await town.gateway.database["activity"].insert_one({
            "_id": f"{town.first}|1", "account_id": town.first, "seq": 1, "kind": "post.created", "post_id": "p",
            "to": None, "content": {"post_id": "p"}, "happened_at": None, "at": None,
        })  # fmt: skip
        assert await open_page.until("post.created") == [{"post_id": "p"}]
