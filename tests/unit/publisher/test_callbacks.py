"""Callbacks as bytes: what is believed of them, and what is turned away with which word."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.registry import WeChatCredentials
from kit.refusal import Refusal
from services.publisher.adapters.wechat.callbacks import SignedCallbacks, signature_of
from services.publisher.domain.callback import CallbackForged, CallbackMalformed, CallbackStale
from services.publisher.ports import CallbackQuery, Push
from tests.unit.publisher.pushes import NONCE, OURS, STAMP, TEXT, event, sealed
from tests.unit.publisher.shapes import NOW

SAFE, PLAIN = SignedCallbacks(300, plain_allowed=False), SignedCallbacks(300, plain_allowed=True)


def plain(stamp: str = STAMP) -> CallbackQuery:
    return CallbackQuery(signature_of(OURS.token, stamp, NONCE), stamp, NONCE)


def read(clear: str) -> Push:
    query, body = sealed(clear)
    return SAFE.read(OURS, query, body, NOW)


def test_a_message_is_read_with_its_number_unrounded() -> None:
    push = read(TEXT)
    assert (push.kind, push.key, push.text) == ("message", "message|9007199254740993", "你好")
    assert push.created_at == datetime.fromtimestamp(1795140000, UTC)


OTHER_KEY = OURS.model_copy(update={"encoding_aes_key": secrets.token_hex(22)[:43]})
OTHER_APP = OURS.model_copy(update={"app_id": "wxfedcba9876543210"})
OTHER_TOKEN = OURS.model_copy(update={"token": "anothertoken"})


@pytest.mark.parametrize("by", [OTHER_KEY, OTHER_APP, OTHER_TOKEN])
def test_what_another_sealed_is_forged(by: WeChatCredentials) -> None:
    query, body = sealed(TEXT, by)
    with pytest.raises(CallbackForged):
        SAFE.read(OURS, query, body, NOW)


@pytest.mark.parametrize(
    "changes", [{"signature": "0" * 40}, {"msg_signature": "0" * 40}, {"msg_signature": None}, {"nonce": "another"}]
)
def test_every_signature_is_looked_at(changes: dict[str, Any]) -> None:
    query, body = sealed(TEXT, **changes)
    with pytest.raises(CallbackForged):
        SAFE.read(OURS, query, body, NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_recording_is_stale(seconds: int) -> None:
    query, body = sealed(TEXT, stamp=str(int(NOW.timestamp()) + seconds))
    with pytest.raises(CallbackStale):
        SAFE.read(OURS, query, body, NOW)
    assert SAFE.read(OURS, query, body, NOW + timedelta(seconds=seconds)).kind == "message"


def test_a_body_in_clear_is_not_covered_by_any_signature() -> None:
    with pytest.raises(CallbackForged):
        SAFE.read(OURS, plain(), TEXT.encode(), NOW)
    assert PLAIN.read(OURS, plain(), TEXT.encode(), NOW).text == "你好"


def test_what_stands_in_clear_beside_the_sealed_is_not_believed() -> None:
    query, body = sealed(TEXT)
    both = body.replace(b"</xml>", "<MsgType>text</MsgType><Content>假的</Content></xml>".encode())
    assert SAFE.read(OURS, query, both, NOW).text == "你好"
    with pytest.raises(CallbackForged):
        PLAIN.read(OURS, plain(), both, NOW)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><xml><MsgType>&c;</MsgType></xml>'
)
OUTSIDE = '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><MsgType>&a;</MsgType></xml>'
MALFORMED = [
    BOMB,
    OUTSIDE,
    "<!DOCTYPE xml><xml/>",
    "<xml>" + "<a>" * 5_000 + "</a>" * 5_000 + "</xml>",
    "<xml/>",
    "<html><MsgType>text</MsgType></html>",
    "{}",
    "",
    "<xml><MsgType>text</MsgType>",
    TEXT.replace("<MsgId>9007199254740993</MsgId>", ""),
    TEXT.replace("9007199254740993", "-1"),
    TEXT.replace("1795140000", "yesterday"),
    TEXT.replace("1795140000", "9" * 12),
    event("MASSSENDJOBFINISH", MsgID="9" * 19),
    event("MASSSENDJOBFINISH", Status="send success"),
]


@pytest.mark.parametrize("clear", MALFORMED)
def test_what_wechat_never_sends_is_malformed(clear: str) -> None:
    with pytest.raises(CallbackMalformed):
        PLAIN.read(OURS, plain(), clear.encode(), NOW)
    with pytest.raises(CallbackMalformed):
        read(clear)


def test_bytes_that_are_no_text_are_malformed() -> None:
    with pytest.raises(CallbackMalformed):
        PLAIN.read(OURS, plain(), b"\xff\xfe<xml/>", NOW)


def test_the_end_of_a_job() -> None:
    urls = (
        "<Count>2</Count><ResultList><item><ArticleIdx>2</ArticleIdx><ArticleUrl>u2</ArticleUrl></item>"
        "<item><ArticleIdx>1</ArticleIdx><ArticleUrl>u1</ArticleUrl></item></ResultList>"
    )
    counts = {"TotalCount": "10", "FilterCount": "9", "SentCount": "8", "ErrorCount": "1"}
    clear = event("MASSSENDJOBFINISH", MsgID=str(2**63 - 1), Status="send success", ArticleUrlResult=urls, **counts)
    push = read(clear)
    assert push.msg_id == 2**63 - 1
    assert push.result is not None
    assert push.result.urls == ("u1", "u2")
    assert push.result.receipt is not None
    assert push.result.receipt.model_dump() == {"total": 10, "filtered": 9, "sent": 8, "failed": 1}


@pytest.mark.parametrize(("status", "words"), [("err(20002)", "色情"), ("send fail", "失败"), ("err(77)", "没有完成")])
def test_a_job_that_failed_says_why_in_chinese(status: str, words: str) -> None:
    result = read(event("MASSSENDJOBFINISH", MsgID="7", Status=status)).result
    assert result is not None
    assert not result.succeeded
    assert words in result.text
    assert status in result.text


def test_events_of_one_second_are_told_apart_and_tries_of_one_are_not() -> None:
    names = [("subscribe", ""), ("subscribe", "qrscene_7"), ("unsubscribe", ""), ("CLICK", "A"), ("CLICK", "B")]
    pushes = [read(event(name, EventKey=key)) for name, key in names]
    assert len({push.key for push in pushes}) == len(names)
    assert read(event("subscribe", EventKey="qrscene_7")).key == pushes[1].key
    assert [push.kind for push in pushes] == ["followed", "followed", "unfollowed", "other", "other"]
    assert pushes[1].scene == "7"


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [("accept", True), ("acceptWithAlert", True), ("acceptWithAudio", True), ("reject", False), ("ban", False)],
)
def test_a_notice_is_accepted_in_several_ways(answer: str, accepted: bool) -> None:
    item = f"<List><TemplateId>t1</TemplateId><SubscribeStatusString>{answer}</SubscribeStatusString></List>"
    assert read(event("subscribe_msg_popup_event", SubscribeMsgPopupEvent=item)).answers == (("t1", accepted),)
    changed = read(event("subscribe_msg_change_event", SubscribeMsgChangeEvent=item))
    assert changed.answers == (() if accepted else (("t1", False),))


def test_a_withdrawn_authorisation_is_about_the_follower_inside() -> None:
    push = read(event("user_authorization_revoke", OpenID="oInside", RevokeInfo="301"))
    assert (push.kind, push.openid) == ("authorisation_withdrawn", "oInside")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.text(max_size=20), st.text(max_size=20))
def test_no_bytes_are_a_fault(body: bytes, stamp: str, word: str) -> None:
    for query in (plain(), plain(stamp), CallbackQuery(word, stamp, word, None, word, word)):
        with pytest.raises(Refusal):
            PLAIN.read(OURS, query, body, NOW)
