"""A post over time: edited, quoted, voted on, scheduled, deleted; drafts; and what grows with taking part."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.micro_community import PostEdited
from kit.clock import SystemClock
from services.micro_community.domain.picture import USABLE_FOR
from tests.integration.micro_community.conftest import Town
from tests.integration.micro_community.test_pictures import picture, upload


def in_(**span: float) -> str:
    return (SystemClock().now() + timedelta(**span)).isoformat()


async def test_editing_keeps_history_and_has_an_end(town: Town) -> None:
    author, other = await town.follower("o-author"), await town.follower("o-other")
    post_id = (await author.post("/posts", {"title": "旧", "text": "旧文 #一#"})).json()["post_id"]
    await town.settled()
    edited = (await author.send("PUT", f"/posts/{post_id}", {"title": "新", "text": "新文 #二#"})).json()
    assert (edited["title"], edited["text"], edited["topics"]) == ("新", "新文 #二#", ["二"])
    assert edited["edited_at"] is not None
    history = (await other.get(f"/posts/{post_id}/revisions")).json()["items"]
    assert [(one["title"], one["text"]) for one in history] == [("旧", "旧文 #一#")]
    await town.settled()
    topics = {one["name"]: one["posts"] for one in (await other.get("/topics")).json()["items"]}
    assert topics == {"二": 1}
    assert (await other.get("/search", q="新文")).json()["items"] != []
    assert (await other.get("/search", q="旧文")).json()["items"] == []
    same = await author.send("PUT", f"/posts/{post_id}", {"title": "新", "text": "新文 #二#"})
    assert same.status_code == 200
    assert len(await town.house.events(PostEdited)) == 1
    denied = await other.send("PUT", f"/posts/{post_id}", {"text": "改"})
    assert (denied.status_code, denied.json()["code"]) == (403, "micro_community.not_yours")
    smuggled = await author.send("PUT", f"/posts/{post_id}", {"text": "看 http://evil.example"})
    assert smuggled.json()["code"] == "micro_community.edit_needs_review"
    await town.rule(edit_minutes=0)
    late = await author.send("PUT", f"/posts/{post_id}", {"text": "太晚"})
    assert late.json()["code"] == "micro_community.edit_window_over"


async def test_deleting_ones_own(town: Town) -> None:
    author, other = await town.follower("o-author"), await town.follower("o-other")
    post_id = (await author.post("/posts", {"text": "要删"})).json()["post_id"]
    root = (await other.post(f"/posts/{post_id}/replies", {"text": "根"})).json()["reply_id"]
    await author.post(f"/posts/{post_id}/replies", {"text": "叶", "parent_reply_id": root})
    await town.settled()
    assert (await author.send("DELETE", f"/replies/{root}")).json()["code"] == "micro_community.not_yours"
    for _ in range(2):
        assert (await other.send("DELETE", f"/replies/{root}")).status_code == 200
    await town.settled()
    page = (await author.get(f"/posts/{post_id}/replies")).json()["items"]
    assert [(one["state"], one["text"], one["thread"][0]["text"]) for one in page] == [("deleted", "", "叶")]
    assert (await author.get(f"/posts/{post_id}")).json()["reply_count"] == 1
    assert (await other.send("DELETE", f"/posts/{post_id}")).status_code == 403
    for _ in range(2):
        assert (await author.send("DELETE", f"/posts/{post_id}")).status_code == 200
    assert (await author.get(f"/posts/{post_id}")).status_code == 404
    assert (await author.get("/me/posts")).json()["items"] == []


async def test_quotes_show_what_is_there_and_say_when_it_is_gone(town: Town) -> None:
    author, other = await town.follower("o-author"), await town.follower("o-other")
    first = (await author.post("/posts", {"text": "原文"})).json()["post_id"]
    quoting = (await other.post("/posts", {"text": "同意", "quoted_post_id": first})).json()
    assert (quoting["quoted"]["excerpt"], quoting["quoted"]["gone"]) == ("原文", False)
    reply = (await author.post(f"/posts/{quoting['post_id']}/replies", {"text": "谢谢"})).json()
    body = {"text": "不客气", "parent_reply_id": reply["reply_id"], "quote": True}
    assert (await other.post(f"/posts/{quoting['post_id']}/replies", body)).json()["quoted"] == "谢谢"
    await author.send("DELETE", f"/posts/{first}")
    quoted = (await other.get(f"/posts/{quoting['post_id']}")).json()["quoted"]
    assert (quoted["gone"], quoted["excerpt"]) == (True, "")
    assert (await other.post("/posts", {"text": "x", "quoted_post_id": first})).status_code == 404


async def test_polls_count_one_vote_each(town: Town) -> None:
    author, voter = await town.follower("o-author"), await town.follower("o-voter")
    poll = {"options": ["饺子", "汤圆", "面"], "multiple": True, "closes_at": in_(hours=1)}
    post_id = (await author.post("/posts", {"text": "冬至吃什么", "poll": poll})).json()["post_id"]
    for _ in range(2):
        assert (await voter.post(f"/posts/{post_id}/vote", {"choices": [2, 0]})).status_code == 200
    changed = await voter.post(f"/posts/{post_id}/vote", {"choices": [1]})
    assert (changed.status_code, changed.json()["code"]) == (409, "micro_community.voted_before")
    await author.post(f"/posts/{post_id}/vote", {"choices": [0]})
    await town.settled()
    shown = (await voter.get(f"/posts/{post_id}")).json()["poll"]
    assert [(one["text"], one["votes"]) for one in shown["options"]] == [("饺子", 2), ("汤圆", 0), ("面", 1)]
    assert (shown["voters"], shown["my_choices"]) == (2, [0, 2])
    assert (await voter.post(f"/posts/{post_id}/vote", {"choices": [7]})).json()["code"].endswith("choice_invalid")
    for bad in ({"options": ["一", "一"]}, {"options": ["一", " "]}, {"closes_at": in_(days=-1)}):
        answer = await author.post("/posts", {"text": "x", "poll": poll | bad})
        assert answer.json()["code"] == "micro_community.poll_malformed"


async def test_drafts_are_kept_per_slot_and_per_member(town: Town) -> None:
    member, other = await town.follower("o-member"), await town.follower("o-other")
    for text in ("写到一", "写到一半"):
        assert (await member.send("PUT", "/me/drafts/post", {"text": text})).status_code == 200
    await member.send("PUT", "/me/drafts/p-1", {"text": "回复草稿"})
    items = (await member.get("/me/drafts")).json()["items"]
    assert {one["slot"]: one["content"]["text"] for one in items} == {"post": "写到一半", "p-1": "回复草稿"}
    assert (await other.get("/me/drafts")).json()["items"] == []
    await member.send("DELETE", "/me/drafts/post")
    assert [one["slot"] for one in (await member.get("/me/drafts")).json()["items"]] == ["p-1"]


async def test_a_draft_brings_whom_it_names_and_the_pictures_that_can_still_be_used(town: Town) -> None:
    member, other = await town.follower("o-member"), await town.follower("o-other")
    usable, used, old = [(await upload(member, picture())).json()["picture_id"] for _ in range(3)]
    foreign = (await upload(other, picture())).json()["picture_id"]
    await member.post("/posts", {"text": "用掉一张", "picture_ids": [used]})
    await town.settled()
    pictures = town.gateway.database["pictures"]
    await pictures.update_one({"_id": old}, {"$set": {"uploaded_at": SystemClock().now() - USABLE_FOR}})
    written = {
        "title": "冬至",
        "text": "@某人 吃什么",
        "board_id": None,
        "picture_ids": [old, usable, used, foreign],
        "mentions": [other.member_id],
        "quoted_post_id": "p-1",
        "poll": {"options": ["饺子", ""], "multiple": False, "closes_at": "2030-01-01T00:00:00Z"},
        "publish_at": "2029-12-31T00:00:00Z",
    }
    assert (await member.send("PUT", "/me/drafts/post", written)).status_code == 200
    (kept,) = (await member.get("/me/drafts")).json()["items"]
    assert kept["content"] == written
    assert [one["picture_id"] for one in kept["pictures"]] == [usable]
    assert (await member.http.get(kept["pictures"][0]["thumb"], headers=member.headers(None))).status_code == 200
    assert [one["member_id"] for one in kept["mentions"]] == [other.member_id]


async def test_points_levels_badges_and_the_leaderboard(town: Town) -> None:
    await town.rule(posts_per_ten_minutes=50, replies_per_minute=50)
    member, other = await town.follower("o-member", nickname="勤快"), await town.follower("o-other")
    post_id = (await member.post("/posts", {"text": "打卡"})).json()["post_id"]
    for number in range(10):
        await member.post(f"/posts/{post_id}/replies", {"text": f"{number}"})
    for _ in range(3):
        checked = (await member.post("/check-ins")).json()
    assert checked["streak"] == 1
    for method in ("PUT", "DELETE", "PUT"):
        await other.send(method, f"/posts/{post_id}/like")
        await town.settled()
    me = (await member.get("/me")).json()
    assert me["counts"]["points"] == 5 + 10 * 2 + 2 + 1
    assert (me["level"], me["streak"], me["checked_in_today"]) == (2, 1, True)
    assert {badge["badge_id"] for badge in me["badges"]} == {"first_post", "ten_replies"}
    ledger = (await member.get("/me/points", limit=100)).json()
    assert sum(line["amount"] for line in ledger["items"]) == ledger["balance"] == 28
    for period in ("week", "all"):
        board = (await other.get("/leaderboard", period=period)).json()["items"]
        assert [(one["rank"], one["member"]["nickname"], one["points"]) for one in board] == [(1, "勤快", 28)]


@pytest.mark.parametrize(("gap", "streak"), [(1, 5), (2, 1)])
async def test_a_missed_day_ends_a_streak(town: Town, gap: int, streak: int) -> None:
    from services.micro_community.domain.growth import day_of

    member = await town.follower("o-member")
    day = day_of(SystemClock().now() - timedelta(days=gap))
    await town.gateway.database["check_ins"].insert_one({"_id": f"{member.member_id}-{day}", "streak": 4})
    assert (await member.post("/check-ins")).json()["streak"] == streak
