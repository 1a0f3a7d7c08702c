"""Who leaves and comes back begins anew, and what they do again is told as what it is: something new."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.micro_community import CheckedIn, FollowEnded
from kit.clock import SystemClock
from kit.ids import new_id
from services.micro_community.app import SERVICE
from services.micro_community.commands.erase_content import erase_content
from services.micro_community.dependencies import Dependencies
from services.micro_community.domain.growth import day_before
from tests.integration.micro_community.conftest import Follower, Town
from tests.integration.micro_community.test_chats import writes
from tests.support.services import eventually


async def leave(town: Town, member: Follower) -> None:
    """To the last trace."""
    assert (await member.send("DELETE", "/me")).status_code == 204
    await until_erased(town, member)


async def until_erased(town: Town, member: Follower) -> None:
    async def erased() -> bool:
        row = await town.house.database("micro_community")["members"].find_one({"_id": member.member_id})
        return row is not None and row["erase_until"] is None

    await eventually(erased, "everything is erased")
    await town.settled()


async def get_stuck(town: Town) -> None:
    """An event of something else waits for a person: until then every event goes by the outbox."""
    row = {
        "_id": new_id(), "aggregate": "post/stuck", "aggver": 1, "type": "micro_community.post.edited.v1", "body": "{}",
        "state": "failed", "at": SystemClock().now(),
    }  # fmt: skip
    await town.gateway.database["outbox"].insert_one(row)


async def test_a_second_check_in_of_a_day_is_harvested_though_events_go_by_the_outbox(town: Town) -> None:
    await get_stuck(town)
    for _ in range(2):
        member = await town.follower("o-member")
        assert (await member.post("/check-ins")).json()["streak"] == 1
        await town.settled()
        assert (await member.post("/check-ins")).status_code == 201, "once more on the same day changes nothing"
        me = (await member.get("/me")).json()
        assert (me["streak"], me["checked_in_today"], me["counts"]["points"]) == (1, True, 2)
        await leave(town, member)

    async def both_told() -> bool:
        return len(await town.house.events(CheckedIn)) == 2

    await eventually(both_told, "both check-ins on the stream")
    first, second = await town.house.events(CheckedIn)
    assert first.day == second.day and first.check_in_id != second.check_in_id


async def test_a_streak_does_not_outlive_the_membership(town: Town) -> None:
    """Not even while that of the day before is still there."""
    member = await town.follower("o-member")
    await leave(town, member)
    yesterday = day_before(SystemClock().now())
    await town.gateway.database["check_ins"].insert_one({"_id": f"{member.member_id}-{yesterday}", "streak": 4})
    again = await town.follower("o-member")
    assert (await again.post("/check-ins")).json()["streak"] == 1


async def do_everything(town: Town, member: Follower, post_id: str, author_id: str) -> None:
    """Whatever of a member's carries events, or causes them."""
    reply = (await member.post(f"/posts/{post_id}/replies", {"text": "我也来"})).json()
    own = (await member.post("/posts", {"text": "我的帖子"})).json()
    for path in (
        f"/posts/{post_id}/like", f"/replies/{reply['reply_id']}/like", f"/posts/{post_id}/favourite",
        f"/follows/member/{author_id}", f"/follows/post/{post_id}", "/follows/topic/热点",
    ):  # fmt: skip
        assert (await member.send("PUT", path)).json() == {"changed": True}, path
    assert (await member.post(f"/posts/{post_id}/vote", {"choices": [0]})).status_code == 200
    report = {"target_kind": "post", "target_id": post_id, "reason": "flooding", "note": ""}
    assert (await member.post("/reports", report)).status_code in (201, 409)
    assert (await member.post("/check-ins")).status_code == 201
    assert (await member.send("DELETE", f"/posts/{own['post_id']}")).status_code == 200
    await writes(town, "在吗", openid="o-member")
    await town.settled()


async def test_no_position_of_anything_is_told_twice_whatever_is_done_again(town: Town) -> None:
    author = await town.follower("o-author")
    poll = {"options": ["早", "晚"], "closes_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    post_id = (await author.post("/posts", {"text": "#热点# 选一个", "poll": poll})).json()["post_id"]
    for _ in range(2):
        member = await town.follower("o-member")
        await do_everything(town, member, post_id, author.member_id)
        await leave(town, member)
    outbox = town.gateway.database["outbox"]

    async def all_sent() -> bool:
        return await outbox.count_documents({"state": "pending"}) == 0

    await eventually(all_sent, "the outbox is empty")
    told: defaultdict[str, list[int]] = defaultdict(list)
    for envelope in await town.house.envelopes("micro_community.>"):
        told[envelope.subject].append(envelope.aggver)
    kinds = {subject.partition("/")[0] for subject in told}
    carrying = {"post", "reply", "like", "favourite", "follow", "vote", "check_in", "report"}
    assert kinds == carrying | {"member", "chat"}
    assert {subject: found for subject, found in told.items() if found != list(range(1, len(found) + 1))} == {}


async def test_what_was_not_harvested_is_not_erased(town: Town) -> None:
    """Its event would be lost, or be counted for somebody who has no counters any more."""
    member, other = await town.follower("o-member"), await town.follower("o-other")
    await member.send("PUT", f"/follows/member/{other.member_id}")
    await town.settled()
    await town.gateway.stop()
    alone = await town.house.start(SERVICE, roles=("http",), picture_folder=town.house.folder / "pictures")
    member.http = alone.http
    assert (await member.post("/check-ins")).status_code == 201
    assert (await member.send("DELETE", "/me")).status_code == 204
    deps: Dependencies = alone.app.state.dependencies
    work: dict[str, Any] = {"desk": deps.desk, "erasures": deps.repos.erasures, "files": deps.files, "live": deps.live}
    rounds = [await erase_content(**work, now=deps.clock.now()) for _ in range(2)]
    row = await alone.database["members"].find_one({"_id": member.member_id})
    assert rounds == [1, 0] and row is not None and row["erase_until"] is not None
    assert await alone.database["check_ins"].count_documents({"member_id": member.member_id}) == 1
    folder = town.house.folder / "pictures"
    await town.house.start(SERVICE, roles=("worker",), schedule_seconds=0.2, picture_folder=folder)
    await until_erased(town, member)
    row = await alone.database["members"].find_one({"_id": member.member_id})
    assert row is not None and "counts" not in row
    assert await alone.database["check_ins"].count_documents({"member_id": member.member_id}) == 0
    for kind in (CheckedIn, FollowEnded):
        await town.house.event(kind)
