"""Moderators: words, queue, reports, mutes, roles, and the log of acts."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx

from contracts.micro_community import MemberMuted, PostRemoved, ReportResolved
from kit.clock import SystemClock
from tests.integration.micro_community.conftest import Follower, Town


async def moderator(town: Town, openid: str = "o-mod") -> Follower:
    member = await town.follower(openid, nickname="版主")
    operator = await town.staff()
    path = f"/moderation/members/{member.member_id}/moderator"
    assert (await operator.send("PUT", path, {"on": True})).status_code == 200
    return member


async def test_sensitive_words_are_refused_starred_or_held(town: Town) -> None:
    member = await town.follower("o-member")
    for text in ("一起来赌博", "一起来赌 博", "一起来赌*博吧", "赌\u200b博"):
        refused = await member.post("/posts", {"text": text})
        assert (refused.status_code, refused.json()["code"]) == (422, "micro_community.sensitive_content")
    starred = (await member.post("/posts", {"text": "真是脑 残啊"})).json()
    assert (starred["text"], starred["state"]) == ("真是＊＊＊啊", "visible")
    held = (await member.post("/posts", {"text": "想了解贷款"})).json()
    assert held["state"] == "waiting"
    await town.rule(words=[{"word": "ＡＢＣ牌", "action": "block"}])
    own = await member.post("/posts", {"text": "买abc牌"})
    assert own.json()["details"]["words"] == ["abc牌"]
    elsewhere = await town.follower("o-else", town.second)
    assert (await elsewhere.post("/posts", {"text": "买abc牌"})).status_code == 201


async def test_poll_options_and_signatures_are_looked_at_as_well(town: Town) -> None:
    mod, member = await moderator(town), await town.follower("o-member")

    async def poll(*options: str) -> httpx.Response:
        closes = (SystemClock().now() + timedelta(days=1)).isoformat()
        return await member.post("/posts", {"text": "选一个", "poll": {"options": options, "closes_at": closes}})

    assert (await poll("早", "一起来赌博")).json()["code"] == "micro_community.sensitive_content"
    assert [one["text"] for one in (await poll("早", "脑残")).json()["poll"]["options"]] == ["早", "＊＊"]
    for options, why in ((("早", "想了解贷款"), "sensitive_word"), (("早", "evil.example.com"), "link")):
        held = (await poll(*options)).json()
        assert held["state"] == "waiting"
        waiting = (await mod.get("/moderation/queue")).json()["items"][-1]
        assert (waiting["poll_options"], waiting["held_for"]) == (list(options), [why])
    for signature, status, kept in (("一起来赌博", 422, None), ("想了解贷款", 422, None), ("脑残", 200, "＊＊")):
        answer = await member.send("PUT", "/me/preferences", {"signature": signature})
        assert answer.status_code == status, answer.text
        assert (await member.get("/me")).json()["signature"] == kept


async def test_the_queue_covers_posts_and_replies(town: Town) -> None:
    mod, member, reader = await moderator(town), await town.follower("o-member"), await town.follower("o-reader")
    post = (await member.post("/posts", {"text": "看看 https://evil.example/x 这个 #链接#"})).json()
    path = f"/posts/{post['post_id']}"
    assert post["state"] == "waiting" and post["links"] == []
    assert (await reader.get(path)).status_code == 404
    assert (await reader.get("/posts")).json()["items"] == []
    assert (await member.get(path)).json()["state"] == "waiting"
    assert [one["state"] for one in (await member.get("/me/posts")).json()["items"]] == ["waiting"]
    queue = (await mod.get("/moderation/queue")).json()["items"]
    assert [(item["target_id"], item["held_for"]) for item in queue] == [(post["post_id"], ["link"])]
    assert (await mod.post(f"/moderation/posts/{post['post_id']}/show")).status_code == 200
    await town.settled()
    assert (await reader.get(path)).json()["state"] == "visible"
    assert (await reader.get("/search", q="看看")).json()["items"] != []
    assert [item["kind"] for item in (await member.get("/notifications")).json()["items"]] == ["approved"]

    reply = (await member.post(f"{path}/replies", {"text": "加微信聊"})).json()
    assert reply["state"] == "waiting"
    await town.settled()
    assert (await reader.get(f"{path}/replies")).json()["items"] == []
    assert [one["state"] for one in (await member.get(f"{path}/replies")).json()["items"]] == ["waiting"]
    waiting = (await mod.get("/moderation/queue", kind="reply")).json()["items"]
    assert [item["held_for"] for item in waiting] == [["sensitive_word"]]
    await mod.post(f"/moderation/replies/{reply['reply_id']}/take-down", {"reason": "广告"})
    await town.settled()
    assert (await reader.get(path)).json()["reply_count"] == 0
    assert (await mod.get("/moderation/queue", kind="reply")).json()["items"] == []
    deeds = [act["deed"] for act in (await mod.get("/moderation/acts")).json()["items"]]
    assert deeds == ["rejected", "approved", "role_granted"]


async def test_first_posts_and_pictures_wait_when_the_rules_say_so(town: Town) -> None:
    await town.rule(hold_first=True, posts_per_ten_minutes=50)
    mod, member = await moderator(town), await town.follower("o-member")
    first = (await member.post("/posts", {"text": "第一帖"})).json()
    assert first["state"] == "waiting"
    await mod.post(f"/moderation/posts/{first['post_id']}/show")
    await town.settled()
    assert (await member.post("/posts", {"text": "第二帖"})).json()["state"] == "visible"
    await town.rule(hold_new_members=True)
    assert (await member.post("/posts", {"text": "第三帖"})).json()["state"] == "waiting"
    await town.rule(guest_reading=False, follow_first=True)
    assert (await town.http.get(f"/community/{town.first}/posts")).json()["code"] == "micro_community.sign_in_first"
    assert (await (await town.staff()).get("/posts")).status_code == 200
    assert (await member.post("/posts", {"text": "第四帖"})).json()["code"] == "micro_community.follow_first"


async def test_a_taken_down_post_is_gone_everywhere_and_can_come_back(town: Town) -> None:
    mod, author, reader = await moderator(town), await town.follower("o-author"), await town.follower("o-reader")
    post_id = (await author.post("/posts", {"text": "会被举报 #热点#"})).json()["post_id"]
    await reader.post(f"/posts/{post_id}/replies", {"text": "一"})
    for member in (reader, mod):
        body = {"target_kind": "post", "target_id": post_id, "reason": "fraud", "note": "骗人"}
        assert (await member.post("/reports", body)).status_code == 201
    assert (await reader.post("/reports", body)).json()["code"] == "micro_community.reported_before"
    reports = (await mod.get("/moderation/reports")).json()["items"]
    assert {(one["reason_text"], one["note"]) for one in reports} == {("诈骗诱导", "骗人")}
    await town.settled()
    assert (await mod.post(f"/moderation/posts/{post_id}/take-down", {"reason": "涉嫌诈骗"})).status_code == 200
    assert (await reader.get(f"/posts/{post_id}")).status_code == 404
    assert (await reader.get(f"/posts/{post_id}/replies")).status_code == 404
    assert (await reader.post(f"/posts/{post_id}/replies", {"text": "二"})).status_code == 404
    assert (await author.get(f"/posts/{post_id}")).json()["state"] == "removed"
    await town.settled()
    assert (await reader.get("/search", q="举报")).json()["items"] == []
    assert (await reader.get("/topics")).json()["items"] == []
    assert (await author.get("/me")).json()["counts"]["posts"] == 0
    told = (await author.get("/notifications")).json()["items"]
    assert [(one["kind"], one["excerpt"]) for one in told if one["kind"] == "removed"] == [("removed", "涉嫌诈骗")]
    assert "report" in [one["kind"] for one in (await reader.get("/notifications")).json()["items"]]
    assert {event.resolution for event in await town.house.events(ReportResolved)} == {"upheld"}
    again = await mod.post(f"/moderation/posts/{post_id}/take-down", {"reason": "再来"})
    assert again.json()["code"] == "micro_community.state_forbids"
    await mod.post(f"/moderation/posts/{post_id}/show")
    await town.settled()
    assert (await reader.get(f"/posts/{post_id}")).json()["reply_count"] == 1
    assert (await reader.get("/search", q="举报")).json()["items"] != []
    assert (await reader.get("/topics")).json()["items"][0]["posts"] == 1
    assert (await author.get("/me")).json()["counts"]["posts"] == 1
    assert [event.was_visible for event in await town.house.events(PostRemoved)] == [True]


async def test_a_dismissed_report_leaves_the_content(town: Town) -> None:
    mod, author, reader = await moderator(town), await town.follower("o-author"), await town.follower("o-reader")
    post_id = (await author.post("/posts", {"text": "没问题"})).json()["post_id"]
    reply_id = (await author.post(f"/posts/{post_id}/replies", {"text": "也没问题"})).json()["reply_id"]
    body = {"target_kind": "reply", "target_id": reply_id, "reason": "abuse"}
    await reader.post("/reports", body)
    report_id = (await mod.get("/moderation/reports")).json()["items"][0]["report_id"]
    path = f"/moderation/reports/{report_id}/dismiss"
    assert (await mod.post(path, {"reason": "正常讨论"})).status_code == 200
    assert (await mod.post(path, {"reason": "正常讨论"})).json()["code"] == "micro_community.report_closed"
    await town.settled()
    assert (await reader.get(f"/posts/{post_id}/replies")).json()["items"][0]["text"] == "也没问题"
    notice = (await reader.get("/notifications")).json()["items"][0]
    assert (notice["kind"], notice["excerpt"]) == ("report", "您举报的内容经核查未发现违规。")


async def test_mutes_say_how_long_and_bans_end_it(town: Town) -> None:
    mod, member = await moderator(town), await town.follower("o-member")
    path = f"/moderation/members/{member.member_id}"
    await mod.post(f"{path}/mute", {"minutes": 90, "reason": "刷屏"})
    refused = (await member.post("/posts", {"text": "我要说话"})).json()
    assert refused["code"] == "micro_community.muted"
    assert 5300 < refused["details"]["remaining_seconds"] <= 5400
    assert "2 小时" in refused["detail"] and refused["details"]["reason"] == "刷屏"
    me = (await member.get("/me")).json()
    assert 5300 < me["muted_seconds"] <= 5400
    await mod.post(f"{path}/unmute")
    assert (await member.post("/posts", {"text": "谢谢"})).status_code == 201
    await mod.post(f"{path}/mute", {"minutes": None, "reason": "屡教不改"})
    assert (await member.post("/posts", {"text": "哼"})).json()["code"] == "micro_community.banned"
    assert [event.until is None for event in await town.house.events(MemberMuted)] == [False, True]
    other = await moderator(town, "o-mod-2")
    denied = await mod.post(f"/moderation/members/{other.member_id}/mute", {"minutes": 5, "reason": "内讧"})
    assert denied.json()["code"] == "micro_community.mutes_moderator"
    operator = await town.staff()
    allowed = await operator.post(f"/moderation/members/{other.member_id}/mute", {"minutes": 5, "reason": "停"})
    assert allowed.status_code == 200


async def test_only_moderators_and_the_accounts_own_staff_moderate(town: Town) -> None:
    member = await town.follower("o-member")
    post_id = (await member.post("/posts", {"text": "帖"})).json()["post_id"]
    assert (await member.get("/moderation/queue")).status_code == 403
    assert (await member.post(f"/moderation/posts/{post_id}/take-down", {"reason": "x"})).status_code == 403
    foreign = await town.staff(("operator", f"/hengyuan/{town.second}"))
    assert (await foreign.get("/moderation/queue")).status_code == 403
    auditor = await town.staff(("auditor", "/hengyuan"))
    assert (await auditor.get("/moderation/queue")).status_code == 403
    head = await town.staff(("communications", "/hengyuan"))
    assert (await head.get("/moderation/queue")).status_code == 200
    mod = await moderator(town)
    assert (await mod.send("PUT", "/moderation/rules", {})).status_code == 401
    assert (await mod.send("PUT", f"/moderation/members/{member.member_id}/moderator", {"on": True})).status_code == 401
    elsewhere = Follower(town.second, mod.member_id, mod.token, town.http)
    assert (await elsewhere.get("/moderation/queue")).status_code == 404
    operator = await town.staff()
    await operator.send("PUT", f"/moderation/members/{mod.member_id}/moderator", {"on": False})
    assert (await mod.get("/moderation/queue")).status_code == 403


async def test_pin_feature_lock(town: Town) -> None:
    mod, author = await moderator(town), await town.follower("o-author")
    post_id = (await author.post("/posts", {"text": "公告"})).json()["post_id"]
    for mark in ("pinned", "featured", "locked"):
        assert (await mod.post(f"/moderation/posts/{post_id}/marks/{mark}", {"on": True})).status_code == 200
    shown = (await author.get(f"/posts/{post_id}")).json()
    assert (shown["pinned"], shown["featured"], shown["locked"]) == (True, True, True)
    for feed in ("pinned", "featured"):
        assert [one["post_id"] for one in (await author.get("/posts", feed=feed)).json()["items"]] == [post_id]
    locked = await author.post(f"/posts/{post_id}/replies", {"text": "还能说吗"})
    assert (locked.status_code, locked.json()["code"]) == (409, "micro_community.post_locked")
    await mod.post(f"/moderation/posts/{post_id}/marks/locked", {"on": False})
    assert (await author.post(f"/posts/{post_id}/replies", {"text": "能了"})).status_code == 201


async def test_limits_hold_per_member_and_per_address(town: Town) -> None:
    await town.rule(posts_per_ten_minutes=4, new_member_hours=0)
    member = await town.follower("o-member")
    codes = [(await member.post("/posts", {"text": f"{n}"})).status_code for n in range(6)]
    assert codes == [201] * 4 + [429, 429]
    await town.rule(posts_per_ten_minutes=4, new_member_hours=24)
    new = await town.follower("o-new")
    assert [(await new.post("/posts", {"text": f"{n}"})).status_code for n in range(3)] == [201, 201, 429]
    await town.rule(per_address_per_minute=1)
    other = await town.follower("o-other")
    answers = await asyncio.gather(*(other.post("/posts", {"text": f"{n}"}) for n in range(2)))
    assert {answer.json()["code"] for answer in answers} == {"micro_community.too_fast"}
