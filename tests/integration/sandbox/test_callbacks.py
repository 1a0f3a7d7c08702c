"""Callbacks: the handshake, the three modes, five seconds and three tries, and what an answer may be."""

import hashlib
import json
import threading
from typing import Any

import pytest

from tests.integration.sandbox.callback_server import Received, Receiver, fields
from tests.integration.sandbox.support import Official, Sandbox

FAULT_NOTICE = "该公众号提供的服务出现故障，请稍后再试"
TRACE_HEADERS = {"traceparent", "tracestate", "baggage", "b3", "x-b3-traceid", "x-request-id", "uber-trace-id"}


def reply_to(push: Received, content: str, **swapped: str) -> bytes:
    sent = fields(push)
    names = {"to": sent["FromUserName"], "from_": sent["ToUserName"], **swapped}
    return (
        f"<xml><ToUserName><![CDATA[{names['to']}]]></ToUserName><FromUserName><![CDATA[{names['from_']}]]>"
        f"</FromUserName><CreateTime>1700000000</CreateTime>{content}</xml>"
    ).encode()


def text_reply(push: Received, words: str, **swapped: str) -> bytes:
    content = f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{words}]]></Content>"
    return reply_to(push, content, **swapped)


def news_reply(push: Received, count: int) -> bytes:
    item = "<item><Title>标题</Title><Description>d</Description><PicUrl></PicUrl><Url>http://e.cn/</Url></item>"
    content = f"<MsgType>news</MsgType><ArticleCount>{count}</ArticleCount><Articles>{item * count}</Articles>"
    return reply_to(push, content)


def last_line(account: Official, openid: str) -> dict[str, Any]:
    return account.chat(openid)[-1]


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def test_saving_the_callback_asks_for_an_exact_echo(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    (asked,) = receiver.received
    assert asked.method == "GET"
    assert asked.query.keys() == {"signature", "timestamp", "nonce", "echostr"}
    expected = signature(account.fields["token"], asked.query["timestamp"], asked.query["nonce"])
    assert asked.query["signature"] == expected


@pytest.mark.parametrize(
    ("status", "change"), [(200, "{}\n"), (200, '"{}"'), (200, "\ufeff{}"), (200, "success"), (403, "{}")]
)
def test_anything_but_the_exact_echo_leaves_the_old_configuration(
    account: Official, receiver: Receiver, status: int, change: str
) -> None:
    account.connect(receiver)
    receiver.echo = lambda echostr: (status, change.format(echostr).encode())
    done = account.control("PUT", "/callback", {"url": receiver.url + "/other"})
    assert done["enabled"] is False
    assert done["status"] == status
    kept = account.control("GET", "")
    assert (kept["callback_url"], kept["callback_enabled"]) == (receiver.url, True)


def test_a_server_that_is_not_there_is_not_enabled(account: Official) -> None:
    done = account.control("PUT", "/callback", {"url": "http://127.0.0.1:1/callback"})
    assert done["enabled"] is False
    assert done["error"]
    assert account.control("GET", "")["callback_enabled"] is False


def test_a_text_comes_as_signed_xml_with_a_message_id(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    openid = account.follower()
    account.act(openid, "text", text="你好 <世界> & ]]> 结束")
    push = receiver.pushes()[-1]
    assert push.query.keys() == {"signature", "timestamp", "nonce", "openid"}
    assert push.query["openid"] == openid
    told = signature(account.fields["token"], push.query["timestamp"], push.query["nonce"])
    assert push.query["signature"] == told
    message = fields(push)
    assert message["ToUserName"] == account.fields["original_id"]
    assert message["FromUserName"] == openid
    assert message["MsgType"] == "text"
    assert message["Content"] == "你好 <世界> & ]]> 结束"
    assert int(message["MsgId"]) > 2**53


def test_pushes_carry_the_platforms_own_headers_and_no_other(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    account.http.headers["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    account.follower()
    for request in receiver.received:
        assert not TRACE_HEADERS & request.headers.keys()
    assert receiver.pushes()[-1].headers["user-agent"] == "Mozilla/4.0"
    assert receiver.pushes()[-1].headers["content-type"] == "text/xml"


def test_the_callbacks_own_query_is_kept(account: Official, receiver: Receiver) -> None:
    receiver.path = "/wechat/callback?tenant=a"
    account.connect(receiver)
    account.follower()
    assert {request.query["tenant"] for request in receiver.received} == {"a"}


@pytest.mark.parametrize("answer", [b"success", b""])
def test_success_or_nothing_ends_it_after_one_push(account: Official, receiver: Receiver, answer: bytes) -> None:
    account.connect(receiver)
    openid = account.follower()
    receiver.answer = lambda _: (200, answer)
    push = account.act(openid, "text", text="在吗")["push"]
    assert push["outcome"] == "acknowledged"
    assert len(push["tries"]) == 1
    assert last_line(account, openid)["text"] == "在吗"


def test_a_slow_server_is_tried_three_times_with_the_same_body_and_new_signatures(
    account: Official, sandbox: Sandbox, receiver: Receiver
) -> None:
    account.connect(receiver)
    openid = account.follower()
    sandbox.settings(push_timeout_seconds=0.3, push_pause_seconds=0.0)
    released = threading.Event()
    receiver.answer = lambda _: (200, b"success" if released.wait(10) else b"")
    push = account.act(openid, "text", text="慢")["push"]
    released.set()
    assert push["outcome"] == "lost"
    tries = [received for received in receiver.pushes() if "慢" in received.body]
    assert len(tries) == 3
    assert len({received.body for received in tries}) == 1
    assert len({received.query["nonce"] for received in tries}) == 3
    assert len({received.query["signature"] for received in tries}) == 3
    assert last_line(account, openid)["text"] == FAULT_NOTICE


def test_the_third_try_may_still_answer(account: Official, sandbox: Sandbox, receiver: Receiver) -> None:
    account.connect(receiver)
    openid = account.follower()
    sandbox.settings(push_timeout_seconds=0.3, push_pause_seconds=0.0)
    released, seen = threading.Event(), []

    def answer(push: Received) -> tuple[int, bytes]:
        seen.append(push)
        if len(seen) < 3:
            released.wait(10)
        return 200, text_reply(push, "久等了")

    receiver.answer = answer
    assert account.act(openid, "text", text="慢")["push"]["outcome"] == "replied"
    released.set()
    assert last_line(account, openid)["text"] == "久等了"


def test_the_timeout_is_five_seconds_by_default(sandbox: Sandbox) -> None:
    settings = sandbox.http.get("/_control/settings").json()
    assert (settings["push_timeout_seconds"], settings["push_tries"]) == (5.0, 3)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"success"),
        (404, b""),
        (200, json.dumps({"ok": True}).encode()),
        (200, b"<html>no</html>"),
        (200, b"<xml><MsgType>text</MsgType>"),
        (200, b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>'),
    ],
)
def test_an_abnormal_answer_shows_the_fault_notice_at_once(
    account: Official, receiver: Receiver, status: int, body: bytes
) -> None:
    account.connect(receiver)
    openid = account.follower()
    receiver.answer = lambda _: (status, body)
    push = account.act(openid, "text", text="在吗")["push"]
    assert (push["outcome"], len(push["tries"])) == ("abnormal", 1)
    assert last_line(account, openid)["text"] == FAULT_NOTICE


def test_a_reply_is_shown_to_the_follower(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    openid = account.follower()
    receiver.answer = lambda push: (200, text_reply(push, "您好，很高兴为您服务"))
    assert account.act(openid, "text", text="在吗")["push"]["outcome"] == "replied"
    line = last_line(account, openid)
    assert (line["sender"], line["kind"], line["text"]) == ("account", "text", "您好，很高兴为您服务")


def test_a_picture_can_be_the_reply(account: Official, receiver: Receiver) -> None:
    media_id = account.cover()
    account.connect(receiver)
    openid = account.follower()
    content = f"<MsgType>image</MsgType><Image><MediaId>{media_id}</MediaId></Image>"
    receiver.answer = lambda push: (200, reply_to(push, content))
    account.act(openid, "text", text="图")
    shown = account.http.get(last_line(account, openid)["image_url"])
    assert shown.headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    "broken",
    [
        lambda push: text_reply(push, "x", to=fields(push)["ToUserName"], from_=fields(push)["FromUserName"]),
        lambda push: text_reply(push, "用户写的 ]]></Content><Content> 注入"),
        lambda push: text_reply(push, ""),
        lambda push: text_reply(push, "长" * 700),
        lambda push: reply_to(push, "<MsgType>hologram</MsgType>"),
    ],
    ids=["swapped names", "broken CDATA", "empty", "longer than 2048 bytes", "unknown type"],
)
def test_a_wrong_reply_is_a_fault(account: Official, receiver: Receiver, broken: Any) -> None:
    account.connect(receiver)
    openid = account.follower()
    receiver.answer = lambda push: (200, broken(push))
    account.act(openid, "text", text="在吗")
    assert last_line(account, openid)["text"] == FAULT_NOTICE


def test_words_are_answered_with_one_article_and_a_follow_with_up_to_eight(
    account: Official, receiver: Receiver
) -> None:
    account.connect(receiver)
    openid = account.follower()
    receiver.answer = lambda push: (200, news_reply(push, 2))
    push = account.act(openid, "text", text="新闻")["push"]
    assert push["outcome"] == "dropped"
    assert last_line(account, openid)["text"] == "新闻"
    account.act(openid, "unfollow")
    assert account.act(openid, "follow")["push"]["outcome"] == "replied"
    assert len(last_line(account, openid)["articles"]) == 2


def test_an_unfollow_is_not_answered_in_the_chat(account: Official, receiver: Receiver) -> None:
    account.connect(receiver)
    openid = account.follower()
    receiver.answer = lambda push: (200, text_reply(push, "别走"))
    account.act(openid, "unfollow")
    assert last_line(account, openid)["sender"] == "platform"
