"""What a reader did shows on their next page, at whatever replica it is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.micro_community.app import SERVICE
from tests.integration.micro_community.conftest import Follower, Town
from tests.support.services import eventually

Row = dict[str, Any]


@pytest.fixture
async def here_and_there(town: Town) -> AsyncIterator[tuple[Follower, Follower, str, str]]:
    """One reader at two replicas, a post of somebody else with a poll, and a reply to it."""
    author, here = await town.follower("o-author"), await town.follower("o-reader")
    there_is = await town.house.start(SERVICE, roles=("http",), picture_folder=town.house.folder / "pictures")
    there = Follower(here.account_id, here.member_id, here.token, there_is.http)
    poll = {"options": ["早", "晚"], "closes_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    post_id = (await author.post("/posts", {"text": "选一个", "poll": poll})).json()["post_id"]
    reply_id = (await author.post(f"/posts/{post_id}/replies", {"text": "我先来"})).json()["reply_id"]
    await town.settled()
    yield here, there, post_id, reply_id


async def seen(reader: Follower, post_id: str) -> Row:
    """Everything of the reader's own on the list and on the post, by the short way."""
    feed = (await reader.get("/posts", limit=20)).json()["items"]
    part = (await reader.get(f"/posts/{post_id}/replies", limit=20, with_post="true")).json()
    listed = [item["mine"] | {"chosen": item["poll"]["my_choices"]} for item in feed if item["post_id"] == post_id]
    return {"listed": listed, "post": part["post"]["mine"], "liked": [one["liked"] for one in part["items"]]}


async def test_each_change_shows_at_once_here_and_in_a_moment_there(
    here_and_there: tuple[Follower, Follower, str, str],
) -> None:
    here, there, post_id, reply_id = here_and_there
    author_id = (await here.get(f"/posts/{post_id}")).json()["author"]["member_id"]
    post = f"/posts/{post_id}"
    changes: list[tuple[str, str, Any]] = [
        ("PUT", f"{post}/like", None),
        ("DELETE", f"{post}/like", None),
        ("PUT", f"/replies/{reply_id}/like", None),
        ("DELETE", f"/replies/{reply_id}/like", None),
        ("PUT", f"{post}/favourite", None),
        ("DELETE", f"{post}/favourite", None),
        ("PUT", f"/follows/post/{post_id}", None),
        ("DELETE", f"/follows/post/{post_id}", None),
        ("PUT", f"{post}/reading", {"floor": 1}),
        ("POST", f"{post}/vote", {"choices": [1]}),
        ("PUT", "/me/preferences", {"muted_words": ["选一个"]}),
        ("PUT", "/me/preferences", {"muted_words": []}),
        ("PUT", "/me/preferences", {"blocked_ids": [author_id]}),
        ("PUT", "/me/preferences", {"blocked_ids": []}),
    ]
    for method, path, body in changes:
        before = await seen(here, post_id)
        assert await seen(there, post_id) == before
        answer = await here.send(method, path, body)
        assert answer.status_code == 200, answer.text
        after = await seen(here, post_id)
        assert after != before, (method, path, body, before)

        async def shown_there(after: Row = after) -> bool:
            return await seen(there, post_id) == after

        await eventually(shown_there, f"{method} {path} shows at the other replica")


async def test_a_locked_post_takes_no_reply_here_at_once_and_there_in_a_moment(
    town: Town, here_and_there: tuple[Follower, Follower, str, str]
) -> None:
    here, there, post_id, _ = here_and_there
    staff, replies = await town.staff(), f"/posts/{post_id}/replies"
    for gateway in town.house.gateways:  # no time goes by in which what is kept would end by itself
        gateway.app.state.dependencies.repos.posts._lately.seconds = lambda: 0.0
    for on, wanted in ((True, 409), (False, 201)):
        for reader in (here, there):  # so that both have just looked at the post
            await reader.post(replies, {"text": "刚才"})
        assert (await staff.post(f"/moderation/posts/{post_id}/marks/locked", {"on": on})).status_code == 200
        assert (await here.post(replies, {"text": "这里"})).status_code == wanted

        async def heard_there(wanted: int = wanted) -> bool:
            return (await there.post(replies, {"text": "那里"})).status_code == wanted

        await eventually(heard_there, "the other replica hears of it")
