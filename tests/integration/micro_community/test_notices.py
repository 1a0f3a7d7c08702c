"""Notices outside of the page: as many as the follower accepted, only of what nobody read, and one for all of it."""

from __future__ import annotations

from typing import Any

from contracts.micro_community import FollowerNoticeWritten
from contracts.publisher import (
    FollowerAnsweredNotices,
    FollowerFollowed,
    FollowerMessageRefused,
    FollowerUnfollowed,
)
from services.micro_community.app import SERVICE
from services.micro_community.domain.member import member_id_of
from tests.integration.micro_community.conftest import AT, Follower, Town
from tests.support.services import eventually

TEMPLATE = "AbCdEf0123456789AbCdEf0123456789AbCdEf01234"
FIELDS = [
    {"keyword": "thing1", "value": "where"},
    {"keyword": "thing2", "value": "what"},
    {"keyword": "name3", "value": "who"},
    {"keyword": "time4", "value": "when"},
]


async def answers(town: Town, openid: str, *, accepted: int = 0, refused: int = 0) -> None:
    for template_ids in [((TEMPLATE,), ())] * accepted + [((), (TEMPLATE,))] * refused:
        event = FollowerAnsweredNotices(
            follower_id=f"{town.first}:{openid}",
            account_id=town.first,
            openid=openid,
            accepted=template_ids[0],
            refused=template_ids[1],
            answered_at=AT,
        )
        await town.house.publish(event)


async def restarted(town: Town, **settings: Any) -> None:
    """The same service with other settings."""
    await town.gateway.stop()
    town.gateway = await town.house.start(
        SERVICE, schedule_seconds=0.2, picture_folder=town.house.folder / "pictures", **settings
    )


async def left(town: Town, member: Follower, expected: int) -> None:
    async def look() -> bool:
        return bool((await member.get("/me")).json()["notices_left"] == expected)

    await eventually(look, f"{expected} notices left")


async def unsent(town: Town) -> int:
    query = {"outside_at": {"$exists": True}}
    return int(await town.gateway.database["notifications"].count_documents(query))


async def test_an_unread_reply_is_told_once_and_costs_one_acceptance(town: Town) -> None:
    await restarted(town, notice_after_seconds=0.0)
    await town.rule(notice_channel="subscription", notice_template_id=TEMPLATE, notice_fields=FIELDS)
    author, fan = await town.follower("o-author"), await town.follower("o-fan", nickname="一个名字特别长的热心粉丝")
    offer = {"channel": "subscription", "template_id": TEMPLATE}
    assert (await author.get("")).json()["notices"] == offer
    post_id = (await author.post("/posts", {"text": "请问今年的体检什么时候可以预约，需要带些什么材料"})).json()[
        "post_id"
    ]
    await fan.post(f"/posts/{post_id}/replies", {"text": "没有订阅就不发"})
    await town.settled()
    await answers(town, "o-author", accepted=2)
    await left(town, author, 2)
    answer = await fan.post(f"/posts/{post_id}/replies", {"text": "下周一开始，<b>空腹</b>"})
    told = await town.house.event(FollowerNoticeWritten)
    assert (told.openid, told.notice_channel, told.template_id) == ("o-author", "subscription", TEMPLATE)
    place = f"?floor=2&reply={answer.json()['reply_id']}"
    assert told.page_url == f"http://127.0.0.1:8600/h5/{town.first}/posts/{post_id}{place}"
    assert told.fields["thing1"] == "请问今年的体检什么时候可以预约，需要带…"
    assert told.fields["thing2"] == "下周一开始，<b>空腹</b>"
    assert told.fields["name3"] == "一个名字特别长的热…"
    await left(town, author, 1)
    refusal = FollowerMessageRefused(
        message_id=told.notice_id,
        account_id=town.first,
        kind="subscription",
        code="wechat.43101",
        detail="",
        refused_at=AT,
    )
    await town.house.publish(refusal)
    await left(town, author, 0)
    await answers(town, "o-author", accepted=3)
    await left(town, author, 3)
    await answers(town, "o-author", refused=1)
    await left(town, author, 0)
    await fan.post(f"/posts/{post_id}/replies", {"text": "不订阅就不再发"})
    await town.settled()
    assert await unsent(town) == 0
    assert len(await town.house.events(FollowerNoticeWritten)) == 1


async def test_what_was_read_or_taken_down_in_time_is_not_told(town: Town) -> None:
    await restarted(town, notice_after_seconds=1_000.0)
    await town.rule(notice_channel="template", notice_template_id=TEMPLATE, notice_fields=FIELDS)
    author, fan, operator = await town.follower("o-author"), await town.follower("o-fan"), await town.staff()
    post_id = (await author.post("/posts", {"text": "帖子"})).json()["post_id"]
    await fan.post(f"/posts/{post_id}/replies", {"text": "会被读到"})
    await town.settled()
    assert await unsent(town) == 1
    await author.post("/notifications/read", {})
    assert await unsent(town) == 0
    bad = (await fan.post(f"/posts/{post_id}/replies", {"text": "会被移除"})).json()["reply_id"]
    await town.settled()
    await operator.post(f"/moderation/replies/{bad}/take-down", {"reason": "广告"})
    await author.post("/posts", {"text": "别的"})
    await town.settled()
    await restarted(town, notice_after_seconds=0.0)

    async def told_of_removal() -> bool:
        return any(event.openid == "o-fan" for event in await town.house.events(FollowerNoticeWritten))

    await eventually(told_of_removal, "the fan is told of the removal")

    async def settled() -> bool:
        return await unsent(town) == 0

    await eventually(settled, "nothing waits")
    [told] = await town.house.events(FollowerNoticeWritten)
    assert told.fields["thing2"] == "您的内容已被移除：广告"


async def test_the_newest_that_is_still_shown_speaks_for_all(town: Town) -> None:
    await restarted(town, notice_after_seconds=1_000.0)
    await town.rule(notice_channel="template", notice_template_id=TEMPLATE, notice_fields=FIELDS)
    author, fan, operator = await town.follower("o-author"), await town.follower("o-fan"), await town.staff()
    post_id = (await author.post("/posts", {"text": "帖子"})).json()["post_id"]
    for text in ("最早的", "还在的", "会被移除"):
        reply = (await fan.post(f"/posts/{post_id}/replies", {"text": text})).json()
        await town.settled()
    await operator.post(f"/moderation/replies/{reply['reply_id']}/take-down", {"reason": "广告"})
    await town.settled()
    await restarted(town, notice_after_seconds=0.0)

    async def settled() -> bool:
        return await unsent(town) == 0

    await eventually(settled, "nothing waits")
    told = [event for event in await town.house.events(FollowerNoticeWritten) if event.openid == "o-author"]
    assert [event.fields["thing2"] for event in told] == ["还在的"]


async def test_nothing_is_sent_to_who_does_not_follow(town: Town) -> None:
    await restarted(town, notice_after_seconds=0.0)
    await town.rule(notice_channel="template", notice_template_id=TEMPLATE, notice_fields=FIELDS)
    author, fan = await town.follower("o-author"), await town.follower("o-fan")
    key = {"follower_id": f"{town.first}:o-author", "account_id": town.first, "openid": "o-author"}
    await town.house.publish(FollowerFollowed(**key, scene=None, followed_at=AT))
    await town.house.publish(FollowerUnfollowed(**key, unfollowed_at=AT))
    members = town.gateway.database["members"]

    async def gone() -> bool:
        row = await members.find_one({"_id": member_id_of(town.first, "o-author")})
        return row is not None and row["follows_account"] is False

    await eventually(gone, "the author does not follow any more")
    post_id = (await author.post("/posts", {"text": "帖子"})).json()["post_id"]
    await fan.post(f"/posts/{post_id}/replies", {"text": "回复"})
    await town.settled()

    async def settled() -> bool:
        return await unsent(town) == 0

    await eventually(settled, "nothing waits")
    assert await town.house.events(FollowerNoticeWritten) == []
