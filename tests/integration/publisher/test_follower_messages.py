"""Messages to single followers: sent at most once, and always told how it ended."""

from __future__ import annotations

from typing import Any

from contracts.micro_community import ChatMessageWritten, FollowerNoticeWritten
from contracts.publisher import (
    FollowerAnsweredNotices,
    FollowerMessageOutcomeUnknown,
    FollowerMessageRefused,
    FollowerMessageSent,
)
from kit.ids import new_id
from tests.integration.publisher.newsroom import Newsroom
from tests.integration.publisher.props import Official
from tests.support.services import eventually

CUSTOM, NOTICE, TEMPLATE = "message/custom/send", "message/subscribe/bizsend", "message/template/send"


async def written(newsroom: Newsroom, official: Official, openid: str, text: str, message_id: str = "") -> str:
    """Somebody answers in a live chat."""
    event = ChatMessageWritten(
        chat_id=new_id(),
        message_id=message_id or new_id(),
        account_id=official.account_id,
        openid=openid,
        text=text,
        written_by="p-operator",
        written_at=newsroom.clock.now(),
    )
    await newsroom.house.publish(event)
    return event.message_id


async def noticed(newsroom: Newsroom, official: Official, openid: str, template_id: str, **changes: Any) -> str:
    """A notification goes outside of the page."""
    values = {
        "notice_id": new_id(),
        "account_id": official.account_id,
        "openid": openid,
        "notice_channel": "subscription",
        "template_id": template_id,
        "page_url": "https://guanwei.example.com/h5/a/posts/p",
        "fields": {"thing1": "有人回复了您"},
        "written_at": newsroom.clock.now(),
    }
    event = FollowerNoticeWritten.model_validate(values | changes)
    await newsroom.house.publish(event)
    return event.notice_id


async def template(newsroom: Newsroom, official: Official, *, subscribe: bool) -> str:
    body = {"title": "回复提醒", "fields": ["thing1"], "subscribe": subscribe}
    made = await newsroom.sandbox.post(f"/_control/accounts/{official.app_id}/templates", json=body)
    return str(made.json()["template_id"])


async def sent(newsroom: Newsroom, message_id: str) -> FollowerMessageSent:
    return await newsroom.house.event(FollowerMessageSent, lambda event: event.message_id == message_id)


async def refused(newsroom: Newsroom, message_id: str) -> FollowerMessageRefused:
    return await newsroom.house.event(FollowerMessageRefused, lambda event: event.message_id == message_id)


async def ledger(newsroom: Newsroom, official: Official) -> list[dict[str, Any]]:
    return await newsroom.ledger(official, "custom_message")


async def test_an_answer_reaches_the_follower_once(newsroom: Newsroom) -> None:
    official = await newsroom.account()
    follower = await newsroom.follower(official)
    await newsroom.act(official, follower["openid"], "text", text="在吗")
    message_id = await written(newsroom, official, follower["openid"], "您好，在的")
    told = await sent(newsroom, message_id)
    assert (told.account_id, told.kind) == (official.account_id, "customer_message")
    again = await written(newsroom, official, follower["openid"], "您好，在的", message_id)
    other = await written(newsroom, official, follower["openid"], "还有什么可以帮您？")
    await sent(newsroom, other)
    assert again == message_id
    assert len(await ledger(newsroom, official)) == 2
    assert len(await newsroom.calls(official, CUSTOM)) == 2
    kept = await newsroom.publisher.database["follower_messages"].find_one({"_id": message_id})
    assert kept is not None and (kept["state"], kept["text"]) == ("sent", "")


async def test_a_refusal_is_told_in_words_and_not_repeated(newsroom: Newsroom) -> None:
    official = await newsroom.account()
    silent = await newsroom.follower(official, nickname="没说过话")
    await newsroom.act(official, silent["openid"], "unfollow")
    gone = await written(newsroom, official, silent["openid"], "还在吗")
    told = await refused(newsroom, gone)
    assert told.code.startswith("wechat.") and "粉丝" in told.detail
    template_id = await template(newsroom, official, subscribe=True)
    follower = await newsroom.follower(official)
    unasked = await noticed(newsroom, official, follower["openid"], template_id)
    assert (await refused(newsroom, unasked)).code == "wechat.43101"
    assert len(await newsroom.calls(official, CUSTOM)) == 1
    assert len(await newsroom.calls(official, NOTICE)) == 1


async def test_a_call_without_an_answer_is_unknown_and_never_repeated(newsroom: Newsroom) -> None:
    official = await newsroom.account()
    follower = await newsroom.follower(official)
    await newsroom.act(official, follower["openid"], "text", text="在吗")
    await newsroom.fault("drop", official, path=f"/cgi-bin/{CUSTOM}", stage="after")
    message_id = await written(newsroom, official, follower["openid"], "您好")
    await newsroom.house.event(FollowerMessageOutcomeUnknown, lambda event: event.message_id == message_id)
    later = await written(newsroom, official, follower["openid"], "第二句")
    await sent(newsroom, later)
    assert len(await newsroom.calls(official, CUSTOM)) == 2
    assert len(await ledger(newsroom, official)) == 2


async def test_a_platform_that_is_not_ready_is_asked_again(newsroom: Newsroom) -> None:
    official = await newsroom.account()
    follower = await newsroom.follower(official)
    await newsroom.act(official, follower["openid"], "text", text="在吗")
    await newsroom.fault("errcode", official, path=f"/cgi-bin/{CUSTOM}", errcode=45011)
    message_id = await written(newsroom, official, follower["openid"], "您好")
    await sent(newsroom, message_id)
    assert len(await newsroom.calls(official, CUSTOM)) == 2
    assert len(await ledger(newsroom, official)) == 1


async def test_a_message_of_an_account_that_is_not_connected_waits(newsroom: Newsroom) -> None:
    official = await newsroom.account(connected=False)
    message_id = await written(newsroom, official, "o-somebody", "您好")
    messages = newsroom.publisher.database["follower_messages"]

    async def tried() -> bool:
        row = await messages.find_one({"_id": message_id})
        return row is not None and row["attempts"] >= 1 and row["state"] == "queued"

    await eventually(tried, "tried, and put back")
    row = await messages.find_one({"_id": message_id})
    assert row is not None and row["code"] == "publisher.account_not_connected"
    assert await newsroom.calls(official, CUSTOM) == []


async def test_what_a_dead_worker_left_is_unknown(newsroom: Newsroom) -> None:
    official = await newsroom.account()
    now = newsroom.clock.now()
    left = {
        "_id": new_id(), "account_id": official.account_id, "openid": "o", "kind": "customer_message", "text": "您好",
        "queued_at": now, "due_at": now, "template_id": "", "page_url": "", "fields": {}, "trace": "",
        "state": "sending", "attempts": 1, "code": "", "version": 2,
    }  # fmt: skip
    await newsroom.publisher.database["follower_messages"].insert_one(left)
    await newsroom.house.event(FollowerMessageOutcomeUnknown, lambda event: event.message_id == left["_id"])
    assert await newsroom.calls(official, CUSTOM) == []


async def test_one_acceptance_is_one_notice_and_is_told_as_an_event(newsroom: Newsroom) -> None:
    official = await newsroom.account()
    follower = await newsroom.follower(official)
    openid = follower["openid"]
    template_id = await template(newsroom, official, subscribe=True)
    await newsroom.act(official, openid, "notice", template_id=template_id, accept=True)
    answered = await newsroom.house.event(FollowerAnsweredNotices)
    assert (answered.openid, answered.accepted, answered.refused) == (openid, (template_id,), ())
    await sent(newsroom, await noticed(newsroom, official, openid, template_id))
    second = await noticed(newsroom, official, openid, template_id)
    assert (await refused(newsroom, second)).code == "wechat.43101"
    await newsroom.act(official, openid, "notice", template_id=template_id, accept=False)
    await newsroom.house.event(FollowerAnsweredNotices, lambda event: event.refused == (template_id,))


async def test_a_template_message_needs_no_acceptance(newsroom: Newsroom) -> None:
    official = await newsroom.account()
    follower = await newsroom.follower(official)
    template_id = await template(newsroom, official, subscribe=False)
    notice_id = await noticed(newsroom, official, follower["openid"], template_id, notice_channel="template")
    assert (await sent(newsroom, notice_id)).kind == "template"
    bad = await noticed(
        newsroom, official, follower["openid"], template_id, notice_channel="template", fields={"thing1": "长" * 21}
    )
    assert (await refused(newsroom, bad)).code == "wechat.47003"
