"""What a reader did, and who is who, shows on the next page, at whatever replica it is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.publisher import FollowerAuthorisationWithdrawn
from services.micro_community.app import SERVICE
from services.micro_community.queries.people import GONE
from tests.integration.micro_community.conftest import AT, Follower, Town
from tests.support.services import Gateway, eventually

Row = dict[str, Any]


def poll() -> Row:
    return {"options": ["早", "晚"], "closes_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}


def stop_time(gateway: Gateway) -> None:
    """For what is kept: it would end by itself in a while, whether a replica hears of changes or not."""
    deps = gateway.app.state.dependencies
    pages, repos = deps.pages, deps.repos
    for kept in (pages._feeds, pages._parts, pages.own, repos.posts._lately, repos.communities._lately):
        kept.seconds = lambda: 0.0


@pytest.fixture
async def here_and_there(town: Town) -> AsyncIterator[tuple[Follower, Follower, str, str]]:
    """One reader at two replicas, a post of somebody else with a poll, and a reply to it."""
    author, here = await town.follower("o-author"), await town.follower("o-reader")
    there_is = await town.house.start(SERVICE, roles=("http",), picture_folder=town.house.folder / "pictures")
    there = Follower(here.account_id, here.member_id, here.token, there_is.http)
    post_id = (await author.post("/posts", {"text": "选一个", "poll": poll()})).json()["post_id"]
    reply_id = (await author.post(f"/posts/{post_id}/replies", {"text": "我先来"})).json()["reply_id"]
    await town.settled()
    for gateway in (town.gateway, there_is):
        stop_time(gateway)
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
    for on, wanted in ((True, 409), (False, 201)):
        for reader in (here, there):  # so that both have just looked at the post
            await reader.post(replies, {"text": "刚才"})
        assert (await staff.post(f"/moderation/posts/{post_id}/marks/locked", {"on": on})).status_code == 200
        assert (await here.post(replies, {"text": "这里"})).status_code == wanted

        async def heard_there(wanted: int = wanted) -> bool:
            return (await there.post(replies, {"text": "那里"})).status_code == wanted

        await eventually(heard_there, "the other replica hears of it")


async def test_other_rules_hold_here_at_once_and_there_in_a_moment(
    town: Town, here_and_there: tuple[Follower, Follower, str, str]
) -> None:
    here, there, post_id, _ = here_and_there
    for most, wanted in ((1, 429), (1_000, 201)):
        for reader in (here, there):  # so that both have just looked at the community
            await reader.post(f"/posts/{post_id}/replies", {"text": "刚才"})
        await town.rule(per_address_per_minute=most)
        assert (await here.post(f"/posts/{post_id}/replies", {"text": "这里"})).status_code == wanted

        async def heard_there(wanted: int = wanted) -> bool:
            return (await there.post(f"/posts/{post_id}/replies", {"text": "那里"})).status_code == wanted

        await eventually(heard_there, "the other replica hears of it")


async def authors(reader: Follower, post_id: str) -> list[Row]:
    """How the post's author is shown: on the list, on the post, with the reply."""
    feed = (await reader.get("/posts", limit=20)).json()["items"]
    part = (await reader.get(f"/posts/{post_id}/replies", limit=20, with_post="true")).json()
    return [item["author"] for item in (*feed, part["post"], *part["items"])]


async def test_another_name_picture_or_role_shows_at_once_here_and_in_a_moment_there(
    town: Town, here_and_there: tuple[Follower, Follower, str, str]
) -> None:
    here, there, post_id, _ = here_and_there
    author_id = (await here.get(f"/posts/{post_id}")).json()["author"]["member_id"]
    staff, role = await town.staff(), f"/moderation/members/{author_id}/moderator"
    changes: list[tuple[str, Any, Any]] = [
        ("nickname", "新名字", lambda: town.follower("o-author", nickname="新名字")),
        ("avatar_url", "https://a.example/1", lambda: town.follower("o-author", avatar_url="https://a.example/1")),
        ("moderator", True, lambda: staff.send("PUT", role, {"on": True})),
        ("moderator", False, lambda: staff.send("PUT", role, {"on": False})),
    ]
    for name, value, change in changes:
        for reader in (here, there):  # so that both keep the pages of before
            assert value not in [author[name] for author in await authors(reader, post_id)]
        await change()
        assert {author[name] for author in await authors(here, post_id)} == {value}

        async def shown_there(name: str = name, value: Any = value) -> bool:
            return {author[name] for author in await authors(there, post_id)} == {value}

        await eventually(shown_there, f"the other replica shows {name} {value}")


@pytest.fixture
async def without_a_worker(town: Town) -> AsyncIterator[tuple[Follower, Follower, Follower, str]]:
    """An author and one reader at two replicas, nothing else that would tell of changes; and a post with a reply."""
    author, here = await town.follower("o-author", nickname="小王"), await town.follower("o-reader")
    post_id = (await author.post("/posts", {"text": "大家好", "poll": poll()})).json()["post_id"]
    await author.post(f"/posts/{post_id}/replies", {"text": "我先来"})
    await town.settled()
    await town.gateway.stop()
    folder = town.house.folder / "pictures"
    one, other = [await town.house.start(SERVICE, roles=("http",), picture_folder=folder) for _ in range(2)]
    for gateway in (one, other):
        stop_time(gateway)
    author.http = here.http = one.http
    yield author, here, Follower(here.account_id, here.member_id, here.token, other.http), post_id


async def test_who_leaves_is_nobody_at_once_here_and_in_a_moment_there(
    without_a_worker: tuple[Follower, Follower, Follower, str],
) -> None:
    author, here, there, post_id = without_a_worker
    for reader in (here, there):
        assert {one["nickname"] for one in await authors(reader, post_id)} == {"小王"}
    assert (await author.send("DELETE", "/me")).status_code == 204
    assert {one["nickname"] for one in await authors(here, post_id)} == {GONE}

    async def gone_there() -> bool:
        return {one["nickname"] for one in await authors(there, post_id)} == {GONE}

    await eventually(gone_there, "nobody at the other replica")


async def test_what_is_erased_of_a_readers_own_is_not_shown_any_more(
    town: Town, without_a_worker: tuple[Follower, Follower, Follower, str]
) -> None:
    _, here, there, post_id = without_a_worker
    assert (await here.send("PUT", f"/posts/{post_id}/like")).status_code == 200
    assert (await here.send("DELETE", "/me")).status_code == 204
    for reader in (here, there):  # the session outlives the membership
        assert (await seen(reader, post_id))["post"]["liked"] is True
    folder = town.house.folder / "pictures"
    await town.house.start(SERVICE, roles=("worker",), schedule_seconds=0.2, picture_folder=folder)
    for reader in (here, there):

        async def forgotten(reader: Follower = reader) -> bool:
            return not (await seen(reader, post_id))["post"]["liked"]

        await eventually(forgotten, "the like is gone")


async def test_nor_when_they_withdraw_the_authorisation_in_wechat(
    town: Town, here_and_there: tuple[Follower, Follower, str, str]
) -> None:
    here, there, post_id, _ = here_and_there
    assert (await here.send("PUT", f"/posts/{post_id}/like")).status_code == 200

    async def liked_there() -> bool:
        return bool((await seen(there, post_id))["post"]["liked"])

    await eventually(liked_there, "the like shows at the other replica")
    openid = "o-reader"
    await town.house.publish(
        FollowerAuthorisationWithdrawn(
            follower_id=f"{town.first}:{openid}", account_id=town.first, openid=openid, withdrawn_at=AT
        )
    )

    async def forgotten_there() -> bool:
        return not await liked_there()

    await eventually(forgotten_there, "the like is gone")
