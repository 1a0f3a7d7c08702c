"""What a member is told: read one by one, read with the post, and where each leads."""

from __future__ import annotations

import asyncio

from contracts.micro_community import FollowerNoticeWritten
from tests.integration.micro_community.conftest import Follower, Town
from tests.integration.micro_community.test_notices import FIELDS, TEMPLATE, restarted, unsent
from tests.support.services import eventually


async def unread(member: Follower) -> int:
    return int((await member.get("/notifications/unread")).json()["unread"])


async def reply(member: Follower, post_id: str, text: str, **more: str) -> str:
    answer = await member.post(f"/posts/{post_id}/replies", {"text": text, **more})
    return str(answer.json()["reply_id"])


async def test_one_is_read_by_itself_and_those_about_a_post_with_the_post(town: Town) -> None:
    author, fan = await town.follower("o-author"), await town.follower("o-fan")
    first = (await author.post("/posts", {"text": "一"})).json()["post_id"]
    second = (await author.post("/posts", {"text": "二"})).json()["post_id"]
    for post_id in (first, first, second, second):
        await reply(fan, post_id, "回复")
    await town.settled()
    assert await unread(author) == 4
    listed = (await author.get("/notifications")).json()["items"]
    assert await unread(author) == 4, "to be listed is not to be read"
    one = next(item for item in listed if item["post_id"] == second)["notification_id"]
    for _ in range(2):
        assert (await author.post(f"/notifications/{one}/read")).json() == {"unread": 3}
    assert (await fan.post(f"/notifications/{listed[-1]['notification_id']}/read")).status_code == 404
    assert await unread(author) == 3, "another's is not theirs to read"
    for _ in range(2):
        assert (await author.post(f"/posts/{first}/notifications/read")).json() == {"unread": 1}
    items = (await author.get("/notifications")).json()["items"]
    assert [item["post_id"] for item in items if not item["read"]] == [second]


async def test_what_was_listed_is_not_sent_outside_of_the_page(town: Town) -> None:
    await restarted(town, notice_after_seconds=1_000.0)
    await town.rule(notice_channel="template", notice_template_id=TEMPLATE, notice_fields=FIELDS)
    author, fan = await town.follower("o-author"), await town.follower("o-fan")
    post_id = (await author.post("/posts", {"text": "帖子"})).json()["post_id"]
    await reply(fan, post_id, "第一条")
    await reply(fan, post_id, "第二条")
    await town.settled()
    assert await unsent(town) == 2
    await fan.get("/notifications")
    assert await unsent(town) == 2, "others' lists change nothing"
    await author.get("/notifications", limit=1)
    assert await unsent(town) == 1
    await author.get("/notifications")
    assert await unsent(town) == 0
    assert await unread(author) == 2


async def test_a_notification_and_the_word_outside_lead_to_the_reply(town: Town) -> None:
    await restarted(town, notice_after_seconds=0.0)
    await town.rule(notice_channel="template", notice_template_id=TEMPLATE, notice_fields=FIELDS)
    author, fan = await town.follower("o-author"), await town.follower("o-fan")
    post_id = (await author.post("/posts", {"text": "帖子"})).json()["post_id"]
    await reply(author, post_id, "一楼")
    await town.settled()
    root = await reply(author, post_id, "二楼")
    await town.settled()
    inside = await reply(fan, post_id, "楼中楼", parent_reply_id=root)
    told = await town.house.event(FollowerNoticeWritten)
    assert told.page_url.endswith(f"/h5/{town.first}/posts/{post_id}?floor=2&reply={inside}")
    [item] = (await author.get("/notifications")).json()["items"]
    assert (item["reply_id"], item["root_id"], item["floor"]) == (inside, root, 2)
    outside = await reply(fan, post_id, "三楼")
    await town.settled()
    item = (await author.get("/notifications")).json()["items"][0]
    assert (item["reply_id"], item["root_id"], item["floor"]) == (outside, None, 3)


async def test_other_open_pages_of_the_member_hear_that_something_was_read(town: Town) -> None:
    author, fan = await town.follower("o-author"), await town.follower("o-fan")
    post_id = (await author.post("/posts", {"text": "帖子"})).json()["post_id"]
    await reply(fan, post_id, "回复")
    await town.settled()
    heard: dict[str, list[str]] = {"author": [], "fan": []}

    async def listen(name: str, member: Follower) -> None:
        async with town.http.stream("GET", member.path("/stream"), headers=member.headers(None)) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    heard[name].append(line.removeprefix("event: "))

    listening = [asyncio.create_task(listen(name, who)) for name, who in (("author", author), ("fan", fan))]
    try:

        async def connected() -> bool:
            return all("hello" in kinds for kinds in heard.values())

        await eventually(connected, "both listen")
        await author.post(f"/posts/{post_id}/notifications/read")

        async def told() -> bool:
            return "notification.read" in heard["author"]

        await eventually(told, "the author's page is told")
        await author.post(f"/posts/{post_id}/notifications/read")
        await fan.post("/posts", {"text": "之后"})

        async def both_told() -> bool:
            return all("post.created" in kinds for kinds in heard.values())

        await eventually(both_told, "what came after is told to both")
        assert heard["author"].count("notification.read") == 1, "who reads nothing new is not told"
        assert "notification.read" not in heard["fan"]
    finally:
        for task in listening:
            task.cancel()
