"""Who leaves and comes back begins anew, and what they do again is told as what it is: something new."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from contracts.micro_community import CheckedIn, FollowEnded
from kit.clock import SystemClock
from kit.ids import new_id
from kit.transaction import Tx
from services.micro_community.app import SERVICE
from services.micro_community.commands.announcing import post_created
from services.micro_community.dependencies import Dependencies
from services.micro_community.domain.growth import day_before
from services.micro_community.processes.erasure import erase_content
from tests.integration.micro_community.conftest import Follower, Town
from tests.integration.micro_community.test_chats import writes
from tests.integration.micro_community.test_recount import require_recounted
from tests.support.services import Gateway, eventually


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
    gateway = await alone(town, member)
    assert (await member.post("/check-ins")).status_code == 201
    assert (await member.send("DELETE", "/me")).status_code == 204
    rounds = [await erase_content(gateway.app.state.dependencies) for _ in range(2)]
    row = await gateway.database["members"].find_one({"_id": member.member_id})
    assert rounds == [1, 0] and row is not None and row["erase_until"] is not None
    assert await gateway.database["check_ins"].count_documents({"member_id": member.member_id}) == 1
    await worker(town)
    await until_erased(town, member)
    row = await gateway.database["members"].find_one({"_id": member.member_id})
    assert row is not None and "counts" not in row
    assert await gateway.database["check_ins"].count_documents({"member_id": member.member_id}) == 0
    for kind in (CheckedIn, FollowEnded):
        await town.house.event(kind)


async def alone(town: Town, *members: Follower) -> Gateway:
    """From now on nothing is harvested or erased, until `worker` comes."""
    await town.gateway.stop()
    town.gateway = await town.house.start(SERVICE, roles=("http",), picture_folder=town.house.folder / "pictures")
    for member in members:
        member.http = town.gateway.http
    return town.gateway


async def worker(town: Town) -> None:
    folder = town.house.folder / "pictures"
    await town.house.start(SERVICE, roles=("worker",), schedule_seconds=0.2, picture_folder=folder)


async def is_liked_and_followed(member: Follower, other: Follower) -> None:
    post_id = (await member.post("/posts", {"text": "请点赞"})).json()["post_id"]
    reply = (await member.post(f"/posts/{post_id}/replies", {"text": "也请"})).json()
    for path in (f"/posts/{post_id}/like", f"/replies/{reply['reply_id']}/like", f"/follows/member/{member.member_id}"):
        assert (await other.send("PUT", path)).json() == {"changed": True}
    assert (await member.send("PUT", f"/follows/member/{other.member_id}")).status_code == 200
    assert (await member.post("/check-ins")).status_code == 201


async def test_who_comes_back_is_followed_and_liked_by_nobody_and_counted_so(town: Town) -> None:
    member, other = await town.follower("o-member"), await town.follower("o-other")
    await is_liked_and_followed(member, other)
    await town.settled()
    await leave(town, member)
    assert (await other.get("/me")).json()["counts"]["following"] == 0
    member = await town.follower("o-member")
    # Nothing is taken back that is not there: neither by who liked and followed, nor when they leave themselves.
    await other.send("DELETE", f"/follows/member/{member.member_id}")
    await leave(town, other)
    counts = (await member.get("/me")).json()["counts"]
    assert {name: counts[name] for name in ("followers", "likes_received", "points")} == {
        "followers": 0, "likes_received": 0, "points": 0,
    }  # fmt: skip
    await require_recounted(town.gateway.database)


async def test_who_comes_back_before_everything_is_erased_keeps_what_was_earned_since(town: Town) -> None:
    member, other = await town.follower("o-member"), await town.follower("o-other")
    await is_liked_and_followed(member, other)
    await town.settled()
    await alone(town, member, other)
    assert (await member.send("DELETE", "/me")).status_code == 204
    member = await town.follower("o-member")
    post_id = (await member.post("/posts", {"text": "又来了"})).json()["post_id"]
    for path in (f"/posts/{post_id}/like", f"/follows/member/{member.member_id}"):
        assert (await other.send("PUT", path)).status_code == 200
    await worker(town)
    await until_erased(town, member)
    me = (await member.get("/me")).json()
    assert (me["counts"]["posts"], me["counts"]["likes_received"], me["counts"]["points"]) == (1, 1, 6)
    assert (me["streak"], me["checked_in_today"], me["counts"].get("best_streak", 0)) == (0, False, 0)
    await require_recounted(town.gateway.database)


async def test_who_leaves_once_more_is_erased_once_more(town: Town) -> None:
    """A round that ends after the second time must not end that one too."""
    member = await town.follower("o-member")
    gateway = await alone(town, member)
    deps: Dependencies = gateway.app.state.dependencies
    assert (await member.send("DELETE", "/me")).status_code == 204
    [first] = await deps.repos.erasures.due(most=1)
    member = await town.follower("o-member")
    assert (await member.send("DELETE", "/me")).status_code == 204

    async def finish(tx: Tx) -> None:
        await deps.repos.erasures.finish(tx, first)

    await deps.store.transact(finish)
    [second] = await deps.repos.erasures.due(most=1)
    assert first.erase_until is not None and second.erase_until is not None
    assert second.erase_until > first.erase_until


async def test_what_waited_when_its_author_left_never_appears_and_is_erased(town: Town) -> None:
    await town.rule(hold_first=True)
    member = await town.follower("o-member")
    post_id = (await member.post("/posts", {"text": "等待审核"})).json()["post_id"]
    await town.settled()
    gateway = await alone(town, member)
    assert (await member.send("DELETE", "/me")).status_code == 204
    staff = await town.staff()
    show = f"/moderation/posts/{post_id}/show"
    assert (await staff.post(show)).json()["code"] == "micro_community.state_forbids"
    again = await town.follower("o-member")
    assert (await staff.post(show)).json()["code"] == "micro_community.state_forbids"
    # A moderator was as fast as its author: approved, it appears as of later than its author left.
    repos, now = gateway.app.state.dependencies.repos, SystemClock().now()
    post = await repos.posts.find(town.first, post_id)
    shown = post.shown(now)
    await repos.posts.save(shown, post_created(shown), now=now)
    await worker(town)
    await until_erased(town, again)
    row = await gateway.database["posts"].find_one({"_id": post_id})
    assert row is not None and (row["state"], row["text"]) == ("deleted", "")
