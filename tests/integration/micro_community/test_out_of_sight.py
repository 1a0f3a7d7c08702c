"""What somebody blocked, muted, or a moderator took down is gone from every place that had a copy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kit.clock import SystemClock
from tests.integration.micro_community.conftest import Follower, Town
from tests.integration.micro_community.test_pictures import picture, upload
from tests.integration.micro_community.test_stream import page


async def replies_of(reader: Follower, post_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await reader.get(f"/posts/{post_id}/replies")).json()["items"]
    return items


async def test_a_blocked_member_is_gone_from_lists_quotes_notifications_and_live_pages(town: Town) -> None:
    me, pest, friend = await town.follower("o-me"), await town.follower("o-pest"), await town.follower("o-friend")
    mine = (await me.post("/posts", {"text": "我的帖子"})).json()["post_id"]
    theirs = (await pest.post("/posts", {"text": "讨厌的话"})).json()["post_id"]
    quoting = (await friend.post("/posts", {"text": "看看这个", "quoted_post_id": theirs})).json()["post_id"]
    bad = (await pest.post(f"/posts/{mine}/replies", {"text": "讨厌的回复"})).json()["reply_id"]
    answer = {"text": "别理他", "parent_reply_id": bad, "quote": True}
    await friend.post(f"/posts/{mine}/replies", answer)
    await friend.send("PUT", f"/follows/member/{pest.member_id}")
    await town.settled()
    assert (await me.get("/me")).json()["unread_notifications"] == 2
    assert (await me.get(f"/posts/{quoting}")).json()["quoted"]["excerpt"] == "讨厌的话"
    assert [one["post"]["text"] for one in (await me.get("/search", q="讨厌")).json()["items"]] == ["讨厌的话"]
    async with page(me, town.http, post_id=mine) as before:
        await me.send("PUT", "/me/preferences", {"blocked_ids": [pest.member_id]})
        assert before.of("reply.created") == []
    notices = (await me.get("/notifications")).json()
    assert (notices["unread"], [one["actor"]["member_id"] for one in notices["items"]]) == (1, [friend.member_id])
    assert theirs not in [one["post_id"] for one in (await me.get("/posts")).json()["items"]]
    assert (await me.get("/search", q="讨厌")).json()["items"] == []
    assert (await me.get(f"/posts/{quoting}")).json()["quoted"] == {
        "post_id": theirs, "gone": True, "title": None, "excerpt": "", "author": None,
    }  # fmt: skip
    assert await replies_of(me, mine) == []
    thread = (await me.get(f"/replies/{bad}/replies")).json()["items"]
    assert [(one["text"], one["quoted"]) for one in thread] == [("别理他", None)]
    async with page(me, town.http, post_id=mine) as live:
        await pest.post(f"/posts/{mine}/replies", {"text": "又来了"})
        await friend.post(f"/posts/{mine}/replies", {"text": "别理", "parent_reply_id": bad, "quote": True})
        [heard] = await live.until("reply.created")
        assert (heard["text"], heard["quoted"]) == ("别理", None)
        await town.settled()
    assert (await me.get("/notifications")).json()["unread"] == 2
    assert [one["text"] for one in (await friend.get("/posts", feed="following")).json()["items"]] == ["讨厌的话"]


async def test_a_muted_word_is_muted_everywhere(town: Town) -> None:
    me, other = await town.follower("o-me"), await town.follower("o-other")
    mine = (await me.post("/posts", {"text": "聊聊天"})).json()["post_id"]
    await other.post("/posts", {"text": "剧透：大结局"})
    await other.post("/posts", {"title": "无关", "text": "今天天气好"})
    await me.send("PUT", "/me/preferences", {"muted_words": ["剧透"]})
    await other.send("PUT", f"/follows/member/{me.member_id}")
    await me.send("PUT", f"/follows/member/{other.member_id}")
    async with page(me, town.http, post_id=mine) as live:
        await other.post(f"/posts/{mine}/replies", {"text": "我来剧透"})
        await other.post(f"/posts/{mine}/replies", {"text": "不说了"})
        assert [one["text"] for one in await live.until("reply.created")] == ["不说了"]
    await town.settled()
    for query in ({}, {"feed": "hot"}, {"feed": "following"}):
        texts = [one["text"] for one in (await me.get("/posts", **query)).json()["items"]]
        assert "今天天气好" in texts and "剧透：大结局" not in texts
    assert [one["text"] for one in await replies_of(me, mine)] == ["不说了"]
    excerpts = [one["excerpt"] for one in (await me.get("/notifications")).json()["items"]]
    assert "不说了" in excerpts and "我来剧透" not in excerpts


async def test_a_muted_word_is_found_far_into_a_text_in_a_poll_and_in_what_was_kept(town: Town) -> None:
    me, other = await town.follower("o-me"), await town.follower("o-other")
    mine = (await me.post("/posts", {"text": "聊聊天"})).json()["post_id"]
    poll = {"options": ["看", "有人剧透"], "closes_at": (SystemClock().now() + timedelta(days=1)).isoformat()}
    theirs = (await other.post("/posts", {"text": "选一个", "poll": poll})).json()["post_id"]
    for text in ("现在就剧透", "不相干的"):
        await other.post(f"/posts/{mine}/replies", {"text": text})
    await me.send("PUT", f"/posts/{theirs}/favourite")
    await town.settled()
    assert (await me.get("/notifications")).json()["unread"] == 2
    await me.send("PUT", "/me/preferences", {"muted_words": ["剧透"]})
    await other.post(f"/posts/{mine}/replies", {"text": f"{'很长' * 60}剧透"})
    await town.settled()
    notices = (await me.get("/notifications")).json()
    assert (notices["unread"], [one["excerpt"] for one in notices["items"]]) == (1, ["不相干的"])
    for path in ("/posts", "/favourites"):
        assert theirs not in [one["post_id"] for one in (await me.get(path)).json()["items"]], path


async def test_copies_of_what_was_taken_down_go_with_it(town: Town) -> None:
    author, fan, operator = await town.follower("o-author"), await town.follower("o-fan"), await town.staff()
    post_id = (await author.post("/posts", {"text": "原帖"})).json()["post_id"]
    quoting = (await fan.post("/posts", {"text": "转一下", "quoted_post_id": post_id})).json()["post_id"]
    root = (await fan.post(f"/posts/{post_id}/replies", {"text": "违规的话"})).json()["reply_id"]
    inner = {"text": "怎么这么说", "parent_reply_id": root, "quote": True}
    await author.post(f"/posts/{post_id}/replies", inner)
    await town.settled()
    async with page(author, town.http) as live:
        start = live.events[0][0]
    assert (await author.get("/notifications")).json()["items"][0]["excerpt"] == "违规的话"
    down = await operator.post(f"/moderation/replies/{root}/take-down", {"reason": "违规"})
    assert down.status_code == 200
    # At once: nothing of this waits for the harvest.
    told = (await author.get("/notifications")).json()["items"][0]
    assert (told["gone"], told["excerpt"]) == (True, "")
    [shown] = await replies_of(fan, post_id)
    assert (shown["state"], shown["text"], shown["thread"][0]["quoted"]) == ("removed", "", None)
    await town.settled()
    async with page(author, town.http, after=start - 3, post_id=post_id) as again:
        assert "违规的话" not in str(again.events)
        assert [name for _, name, _ in again.events].count("reply.removed") == 1
    assert (await operator.post(f"/moderation/posts/{post_id}/take-down", {"reason": "违规"})).status_code == 200
    assert (await fan.get(f"/replies/{root}/replies")).status_code == 404
    assert (await fan.send("PUT", f"/replies/{root}/like")).status_code == 404
    assert (await fan.get(f"/posts/{quoting}")).json()["quoted"]["gone"] is True
    own = (await author.get(f"/posts/{post_id}")).json()
    assert (own["state"], own["removed_for"]) == ("removed", "违规")


async def test_moderators_see_what_waits_with_its_pictures_and_nobody_else_does(town: Town) -> None:
    await town.rule(hold_pictures=True)
    author, reader, operator = await town.follower("o-author"), await town.follower("o-reader"), await town.staff()
    mod = await town.follower("o-mod")
    await operator.send("PUT", f"/moderation/members/{mod.member_id}/moderator", {"on": True})
    shown = (await upload(author, picture())).json()
    post_id = (await author.post("/posts", {"text": "有图", "picture_ids": [shown["picture_id"]]})).json()["post_id"]
    await town.settled()
    for moderator in (mod, operator):
        [waiting] = (await moderator.get("/moderation/queue")).json()["items"]
        assert [one["thumb"] for one in waiting["shown_pictures"]] == [shown["thumb"]]
        seen = await town.http.get(shown["thumb"], headers=moderator.headers(None))
        assert seen.status_code == 200
        assert (await moderator.get(f"/moderation/posts/{post_id}")).json()["held_for"] == ["picture"]
    for headers in (reader.headers(None), {}):
        assert (await town.http.get(shown["thumb"], headers=headers)).status_code == 404
    assert (await reader.get(f"/moderation/posts/{post_id}")).status_code == 403


async def test_a_closed_community_tells_guests_nothing_live_either(town: Town) -> None:
    member = await town.follower("o-member")
    shown = (await upload(member, picture())).json()
    await member.post("/posts", {"text": "有图", "picture_ids": [shown["picture_id"]]})
    await town.settled()
    await town.rule(guest_reading=False)
    for path in ("/stream", f"/pictures/{shown['picture_id']}/large", "/leaderboard", "/topics"):
        assert (path, (await town.http.get(f"/community/{town.first}{path}")).status_code) == (path, 401)


async def test_who_is_banned_only_reads(town: Town) -> None:
    member, operator = await town.follower("o-member"), await town.staff()
    post_id = (await member.post("/posts", {"text": "帖子"})).json()["post_id"]
    await operator.post(f"/moderation/members/{member.member_id}/mute", {"minutes": None, "reason": "广告"})
    banned = "micro_community.banned"
    assert (await member.send("PUT", f"/posts/{post_id}/like")).json()["code"] == banned
    assert (await member.send("PUT", "/follows/topic/广告")).json()["code"] == banned
    assert (await upload(member, picture())).json()["code"] == banned
    assert (await member.get("/posts")).status_code == 200
