"""Customer-service messages, template messages, subscribe notices."""

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from tests.integration.sandbox.callback_server import Receiver
from tests.integration.sandbox.support import Official, Sandbox

CUSTOM, TEMPLATE, NOTICE = (
    "/cgi-bin/message/custom/send",
    "/cgi-bin/message/template/send",
    "/cgi-bin/message/subscribe/bizsend",
)
FIELDS = ["thing1", "time2"]
VALUES = {"thing1": {"value": "报名成功"}, "time2": {"value": "2026-11-23 10:00"}}


def say(account: Official, openid: str, words: str = "您好") -> int:
    body = {"touser": openid, "msgtype": "text", "text": {"content": words}}
    return int(account.post(CUSTOM, body)["errcode"])


@pytest.fixture
def talker(account: Official, sandbox: Sandbox) -> str:
    """A follower who followed long ago and has just written."""
    openid = account.follower()
    sandbox.advance(61)
    account.act(openid, "text", text="请问")
    return openid


def test_five_answers_to_a_message_within_48_hours(account: Official, sandbox: Sandbox, talker: str) -> None:
    assert [say(account, talker) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    account.act(talker, "text", text="再问")
    assert say(account, talker) == 0
    sandbox.advance(48 * 3600 + 1)
    account.fresh_token()
    assert say(account, talker) == 45015
    assert len(account.ledger("custom_message")) == 6


def test_three_answers_to_a_menu_tap_within_a_minute(account: Official, sandbox: Sandbox) -> None:
    account.post("/cgi-bin/menu/create", {"button": [{"type": "click", "name": "客服", "key": "K"}]})
    openid = account.follower()
    sandbox.advance(61)
    assert say(account, openid) == 45015
    account.act(openid, "menu", path=[0])
    assert [say(account, openid) for _ in range(4)] == [0, 0, 0, 45047]
    sandbox.advance(61)
    assert say(account, openid) == 45015


def test_a_view_entry_opens_no_window(account: Official, sandbox: Sandbox) -> None:
    account.post("/cgi-bin/menu/create", {"button": [{"type": "view", "name": "官网", "url": "http://e.cn/"}]})
    openid = account.follower()
    sandbox.advance(61)
    account.act(openid, "menu", path=[0])
    assert say(account, openid) == 45015


def test_a_follow_and_a_scan_allow_three_messages(account: Official, sandbox: Sandbox) -> None:
    openid = account.follower()
    assert say(account, openid) == 0
    sandbox.advance(61)
    scene = {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 9}}}
    account.act(openid, "scan", ticket=account.post("/cgi-bin/qrcode/create", scene)["ticket"])
    assert [say(account, openid) for _ in range(4)] == [0, 0, 0, 45047]


def test_who_left_or_refuses_or_is_unknown_gets_nothing(account: Official, talker: str) -> None:
    account.control("PATCH", f"/followers/{talker}", {"refuses_messages": True})
    assert say(account, talker) == 48002
    account.control("PATCH", f"/followers/{talker}", {"refuses_messages": False})
    account.act(talker, "unfollow")
    assert say(account, talker) == 45015
    assert say(account, "o" * 28) == 40003
    assert account.ledger("custom_message") == []


def test_the_number_of_answers_is_a_setting(account: Official, sandbox: Sandbox, talker: str) -> None:
    sandbox.settings(custom_messages_per_48h=20)
    account.act(talker, "text", text="再问")
    assert [say(account, talker) for _ in range(21)] == [0] * 20 + [45047]


@pytest.mark.parametrize(
    ("msgtype", "part", "code"),
    [
        ("text", {"content": ""}, 44004),
        ("text", {"content": "长" * 700}, 45002),
        ("image", {"media_id": "unknown"}, 40007),
        ("news", {"articles": [{"title": "一"}] * 2}, 45008),
        ("news", {"articles": [{"title": "一", "url": "http://e.cn/"}]}, 0),
        ("mpnewsarticle", {"article_id": "unknown"}, 40035),
        ("msgmenu", {"head_content": "满意吗", "list": [{"id": "1", "content": "满意"}], "tail_content": "谢谢"}, 0),
        ("hologram", {}, 40008),
    ],
)
def test_messages_of_many_types(account: Official, talker: str, msgtype: str, part: Any, code: int) -> None:
    body = {"touser": talker, "msgtype": msgtype, msgtype: part}
    assert account.post(CUSTOM, body)["errcode"] == code
    assert len(account.ledger("custom_message")) == (0 if code else 1)


def test_a_tapped_message_menu_comes_as_a_text_with_its_id(account: Official, talker: str) -> None:
    part = {"head_content": "满意吗", "list": [{"id": "101", "content": "满意"}], "tail_content": "谢谢"}
    account.post(CUSTOM, {"touser": talker, "msgtype": "msgmenu", "msgmenu": part})
    (button,) = account.chat(talker)[-1]["buttons"]
    push = account.act(talker, "text", text=button["content"], menu_id=button["id"])["push"]
    assert ElementTree.fromstring(push["body"]).findtext("bizmsgmenuid") == "101"


def test_typing_is_shown_only_while_a_message_could_be_sent(account: Official, sandbox: Sandbox, talker: str) -> None:
    path, body = "/cgi-bin/message/custom/typing", {"touser": talker, "command": "Typing"}
    assert account.post(path, body)["errcode"] == 0
    assert account.post(path, {**body, "command": "Dance"})["errcode"] == 40035
    sandbox.advance(48 * 3600 + 1)
    account.fresh_token()
    assert account.post(path, body)["errcode"] == 45015


def template(account: Official, *, subscribe: bool) -> str:
    made = account.control("POST", "/templates", {"title": "报名通知", "fields": FIELDS, "subscribe": subscribe})
    return str(made["template_id"])


def test_a_template_message_is_told_as_delivered(account: Official, receiver: Receiver) -> None:
    openid, template_id = account.follower(), template(account, subscribe=False)
    account.connect(receiver)
    body = {"touser": openid, "template_id": template_id, "data": VALUES, "url": "http://e.cn/"}
    sent = account.post(TEMPLATE, body)
    assert sent["errcode"] == 0
    (push,) = receiver.wait_for(lambda pushes: len(pushes) == 1)
    event = ElementTree.fromstring(push.body)
    assert (event.findtext("Event"), event.findtext("Status")) == ("TEMPLATESENDJOBFINISH", "success")
    assert event.findtext("MsgID") == str(sent["msgid"])
    assert account.chat(openid)[-1]["articles"][0]["title"] == "报名通知"


@pytest.mark.parametrize(("refuses", "scripted"), [(True, ""), (False, "failed: system failed")])
def test_a_template_message_may_fail_after_it_was_accepted(
    account: Official, sandbox: Sandbox, receiver: Receiver, refuses: bool, scripted: str
) -> None:
    openid, template_id = account.follower(), template(account, subscribe=False)
    account.connect(receiver)
    account.control("PATCH", f"/followers/{openid}", {"refuses_messages": refuses})
    if scripted:
        sandbox.fault("template_outcome", appid=account.appid, template_status=scripted)
    assert account.post(TEMPLATE, {"touser": openid, "template_id": template_id, "data": VALUES})["errcode"] == 0
    (push,) = receiver.wait_for(lambda pushes: len(pushes) == 1)
    assert ElementTree.fromstring(push.body).findtext("Status") == (scripted or "failed:user block")


def test_a_template_message_is_checked_before_it_is_accepted(account: Official) -> None:
    openid, template_id = account.follower(), template(account, subscribe=False)
    good = {"touser": openid, "template_id": template_id, "data": VALUES}
    assert account.post(TEMPLATE, {**good, "template_id": "unknown"})["errcode"] == 40037
    for value in ("", "长" * 21):
        wrong = {**VALUES, "thing1": {"value": value}}
        refused = account.post(TEMPLATE, {**good, "data": wrong})
        assert refused["errcode"] == 47003
        assert refused["errmsg"].startswith("argument invalid! data.thing1.value invalid")
    account.act(openid, "unfollow")
    assert account.post(TEMPLATE, good)["errcode"] == 43004
    assert account.ledger("template_message") == []


def test_one_acceptance_is_worth_one_notice(account: Official, receiver: Receiver) -> None:
    openid, template_id = account.follower(), template(account, subscribe=True)
    account.connect(receiver)
    body = {"touser": openid, "template_id": template_id, "data": VALUES, "page": "http://e.cn/"}
    assert account.post(NOTICE, body)["errcode"] == 43101
    account.act(openid, "notice", template_id=template_id, accept=False)
    assert account.post(NOTICE, body)["errcode"] == 43101
    account.act(openid, "notice", template_id=template_id)
    assert [account.post(NOTICE, body)["errcode"] for _ in range(2)] == [0, 43101]
    pushes = receiver.wait_for(lambda pushes: len(pushes) == 3)
    answers = [ElementTree.fromstring(push.body) for push in pushes]
    told = [event.findtext("SubscribeMsgPopupEvent/List/SubscribeStatusString") for event in answers[:2]]
    assert told == ["reject", "accept"]
    assert answers[2].findtext("SubscribeMsgSentEvent/List/ErrorStatus") == "success"
    assert len(account.ledger("subscribe_notice")) == 1
