"""Followers talk: posts, replies on two levels, notifications, and what a repetition does."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

from contracts.micro_community import MemberJoined, PostCreated, ReplyCreated
from kit.ids import new_id
from kit.web import write_cursor
from tests.integration.micro_community.conftest import AT, Follower, Town
from tests.support.services import eventually


async def test_a_post_and_a_reply_reach_the_author(town: Town) -> None:
    asker, helper = await town.follower("o-asker"), await town.follower("o-helper", nickname="热心人")
    post = (await asker.post("/posts", {"title": "求助", "text": "体检预约怎么改期？"})).json()
    answer = await helper.post(f"/posts/{post['post_id']}/replies", {"text": "在菜单里点“我的预约”。"})
    assert answer.status_code == 201, answer.text
    await town.settled()
    told = (await asker.get("/notifications")).json()
    assert told["unread"] == 1
    assert [(item["kind"], item["actor"]["nickname"], item["excerpt"]) for item in told["items"]] == [
        ("reply", "热心人", "在菜单里点“我的预约”。")
    ]
    shown = (await asker.get(f"/posts/{post['post_id']}")).json()
    assert (shown["reply_count"], shown["title"]) == (1, "求助")
    left = (await asker.post("/notifications/read", {"up_to": told["items"][0]["seq"]})).json()
    assert left == {"unread": 0}
    assert (await helper.get("/notifications/unread")).json() == {"unread": 0}
    joined = {event.member_id for event in await town.house.events(MemberJoined)}
    assert joined == {asker.member_id, helper.member_id}
    assert (await town.house.event(PostCreated)).post_id == post["post_id"]
    assert (await town.house.event(ReplyCreated)).notified_member_ids == (asker.member_id,)


async def test_threads_have_two_levels_and_floors(town: Town) -> None:
    one, two, three = [await town.follower(f"o-{n}") for n in range(3)]
    post_id = (await one.post("/posts", {"text": "今天食堂吃什么"})).json()["post_id"]
    root = (await two.post(f"/posts/{post_id}/replies", {"text": "面条"})).json()
    await town.settled()
    child = (
        await three.post(f"/posts/{post_id}/replies", {"text": "哪家？", "parent_reply_id": root["reply_id"]})
    ).json()
    deeper = await two.post(f"/posts/{post_id}/replies", {"text": "二楼", "parent_reply_id": child["reply_id"]})
    assert deeper.json()["root_id"] == root["reply_id"]
    second = (await three.post(f"/posts/{post_id}/replies", {"text": "米饭"})).json()
    await town.settled()
    page = (await one.get(f"/posts/{post_id}/replies")).json()
    assert [(item["text"], item["floor"], item["thread_replies"]) for item in page["items"]] == [
        ("面条", 1, 2),
        ("米饭", 2, 0),
    ]
    thread = page["items"][0]["thread"]
    assert [(item["text"], item["answered"]["member_id"]) for item in thread] == [
        ("哪家？", two.member_id),
        ("二楼", three.member_id),
    ]
    whole = (await one.get(f"/replies/{root['reply_id']}/replies")).json()
    assert [item["text"] for item in whole["items"]] == ["哪家？", "二楼"]
    newest = (await one.get(f"/posts/{post_id}/replies", order="newest", limit=1)).json()
    assert [item["reply_id"] for item in newest["items"]] == [second["reply_id"]]
    assert [item["excerpt"] for item in (await three.get("/notifications")).json()["items"]] == ["二楼"]


async def test_twenty_times_the_same_key_is_one_reply_and_one_notification(town: Town) -> None:
    author, guest = await town.follower("o-author"), await town.follower("o-guest")
    post_id = (await author.post("/posts", {"text": "谁去听讲座？"})).json()["post_id"]
    key = new_id()
    answers = await asyncio.gather(
        *(guest.post(f"/posts/{post_id}/replies", {"text": "我去"}, key=key) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    await town.settled()
    assert await town.gateway.database["replies"].count_documents({}) == 1
    assert await town.gateway.database["notifications"].count_documents({}) == 1
    assert (await author.get(f"/posts/{post_id}")).json()["reply_count"] == 1
    other = await guest.post(f"/posts/{post_id}/replies", {"text": "我不去了"}, key=key)
    assert (other.status_code, other.json()["code"]) == (422, "http.idempotency_key_reused")
    await town.house.event(ReplyCreated)
    assert len(await town.house.events(ReplyCreated)) == 1


async def test_every_page_of_a_list_is_read_once(town: Town) -> None:
    member = await town.follower("o-writer")
    for number in range(7):
        assert (await member.post("/posts", {"text": f"第 {number} 条"})).status_code == 201
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = (await member.get("/posts", limit=3, **({"cursor": cursor} if cursor else {}))).json()
        seen += [item["text"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [f"第 {number} 条" for number in range(6, -1, -1)]
    assert (await member.get("/posts", cursor="bm9uc2Vuc2U")).json()["code"] == "http.cursor_invalid"
    assert (await member.get("/posts", cursor="WzFd")).json()["code"] == "http.cursor_invalid"
    far = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    for position in ((far, "x"), (AT, "\ud800"), (AT, 5), (2**70, "x"), (AT,), ("x", "y")):
        for feed in ("latest", "hot"):
            answer = await member.get("/posts", feed=feed, cursor=write_cursor(*position))
            assert (answer.status_code, answer.json()["code"]) == (400, "http.cursor_invalid")
    assert (await member.get("/search", q="条", since="9999-12-31T23:59:59-12:00")).json()["items"] == []
    assert (await member.get("/search", q="条", since="0001-01-01T00:00:00+14:00")).status_code == 200


async def test_concurrent_replies_are_counted_and_numbered_without_gaps(town: Town) -> None:
    author = await town.follower("o-author")
    post_id = (await author.post("/posts", {"text": "报数"})).json()["post_id"]
    others = [await town.follower(f"o-{n}") for n in range(4)]

    async def say(member: Follower, number: int) -> None:
        answer = await member.post(f"/posts/{post_id}/replies", {"text": str(number)})
        assert answer.status_code == 201, answer.text

    await asyncio.gather(*(say(member, number) for member in others for number in range(15)))
    await town.settled()
    replies = town.gateway.database["replies"]
    assert sorted([row["floor"] async for row in replies.find({"post_id": post_id})]) == list(range(1, 61))
    assert (await author.get(f"/posts/{post_id}")).json()["reply_count"] == 60
    assert await town.gateway.database["notifications"].count_documents({"member_id": author.member_id}) == 60

    async def published() -> bool:
        return len(await town.house.events(ReplyCreated)) == 60

    await eventually(published, "sixty events")


async def test_refusals_store_nothing(town: Town) -> None:
    member = await town.follower("o-writer")
    bad = [
        ({"text": "  \n "}, 422, "micro_community.text_empty"),
        ({"text": "\u200b\u200b"}, 422, "micro_community.text_empty"),
        ({"text": "长" * 5001}, 422, "micro_community.text_too_long"),
        ({"text": "好", "board_id": "news"}, 403, "micro_community.board_closed"),
        ({"text": "好", "board_id": "nowhere"}, 422, "micro_community.board_unknown"),
        ({"text": "好", "colour": "red"}, 422, "http.body_invalid"),
        ({"text": 5}, 422, "http.body_invalid"),
    ]
    for body, status, code in bad:
        answer = await member.post("/posts", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    keyless = await town.http.post(
        member.path("/posts"), json={"text": "好"}, headers={"Authorization": f"Bearer {member.token}"}
    )
    assert keyless.json()["code"] == "http.idempotency_key_missing"
    guest = await town.http.post(member.path("/posts"), json={"text": "好"}, headers={"Idempotency-Key": new_id()})
    assert guest.status_code == 401
    assert (await member.post("/posts/none/replies", {"text": "好"})).status_code == 404
    assert await town.gateway.database["posts"].count_documents({}) == 0


async def test_ones_own_replies_say_what_became_of_them(town: Town) -> None:
    await town.rule(hold_links=True)
    author, fan, operator = await town.follower("o-author"), await town.follower("o-fan"), await town.staff()
    post_id = (await author.post("/posts", {"title": "义诊时间", "text": "周六上午"})).json()["post_id"]
    path = f"/posts/{post_id}/replies"
    plain = (await fan.post(path, {"text": "几点开始？"})).json()
    assert (plain["state"], plain["held_for"]) == ("visible", [])
    held = (await fan.post(path, {"text": "看 http://elsewhere.example.com"})).json()
    assert (held["state"], held["held_for"]) == ("waiting", ["link"])
    down = (await fan.post(path, {"text": "加我微信"})).json()["reply_id"]
    await operator.post(f"/moderation/replies/{down}/take-down", {"reason": "广告"})
    await town.settled()
    own = (await fan.get("/me/replies")).json()["items"]
    told = [(one["text"], one["state"], one["held_for"], one["removed_for"], one["floor"]) for one in own]
    assert told == [
        ("加我微信", "removed", [], "广告", own[0]["floor"]),
        ("看 http://elsewhere.example.com", "waiting", ["link"], None, None),
        ("几点开始？", "visible", [], None, 1),
    ]
    assert {one["post_excerpt"] for one in own} == {"义诊时间"}
    assert [one["text"] for one in (await author.get(path)).json()["items"]] == ["几点开始？"]
    assert (await author.get("/me/replies")).json()["items"] == []
    await operator.post(f"/moderation/posts/{post_id}/take-down", {"reason": "过期"})
    assert {one["post_excerpt"] for one in (await fan.get("/me/replies")).json()["items"]} == {None}
    await fan.send("DELETE", f"/replies/{plain['reply_id']}")
    assert len((await fan.get("/me/replies", limit=1)).json()["items"]) == 1
    first = (await fan.get("/me/replies", limit=1)).json()
    rest = (await fan.get("/me/replies", limit=1, cursor=first["next_cursor"])).json()
    assert [one["state"] for page in (first, rest) for one in page["items"]] == ["removed", "waiting"]
