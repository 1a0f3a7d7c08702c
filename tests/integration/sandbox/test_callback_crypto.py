"""Encrypted callbacks, checked against the implementation of another hand (wechatpy)."""

import base64
import xml.etree.ElementTree as ElementTree

import pytest
from wechatpy.crypto import WeChatCrypto

from tests.integration.sandbox.callback_server import Received, Receiver
from tests.integration.sandbox.support import Official

FAULT_NOTICE = "该公众号提供的服务出现故障，请稍后再试"


def crypto_of(account: Official) -> WeChatCrypto:
    return WeChatCrypto(account.fields["token"], account.fields["encoding_aes_key"], account.appid)


def opened(account: Official, push: Received) -> str:
    query = push.query
    crypto = crypto_of(account)
    return str(crypto.decrypt_message(push.body, query["msg_signature"], query["timestamp"], query["nonce"]))


def plain_reply(account: Official, openid: str, words: str) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{openid}]]></ToUserName><FromUserName><![CDATA["
        f"{account.fields['original_id']}]]></FromUserName><CreateTime>1700000000</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{words}]]></Content></xml>"
    )


@pytest.mark.parametrize("words", ["短", "中文与 emoji 🚀", "长" * 600, "a", "a" * 31, "a" * 32, "a" * 33])
def test_a_safe_push_can_be_read_by_another_implementation(account: Official, receiver: Receiver, words: str) -> None:
    account.connect(receiver, "safe")
    openid = account.follower()
    account.act(openid, "text", text=words)
    push = receiver.pushes()[-1]
    ciphertext = ElementTree.fromstring(push.body).findtext("Encrypt") or ""
    assert len(base64.b64decode(ciphertext)) % 32 == 0
    message = ElementTree.fromstring(opened(account, push))
    assert message.findtext("Content") == words
    assert message.findtext("FromUserName") == openid


def test_a_safe_push_shows_nothing_but_the_account_and_the_ciphertext(account: Official, receiver: Receiver) -> None:
    account.connect(receiver, "safe")
    account.follower()
    push = receiver.pushes()[-1]
    assert [node.tag for node in ElementTree.fromstring(push.body)] == ["ToUserName", "Encrypt"]
    assert push.query["encrypt_type"] == "aes"
    assert push.query.keys() >= {"signature", "timestamp", "nonce", "openid", "msg_signature"}


def test_safe_mode_wants_the_reply_encrypted(account: Official, receiver: Receiver) -> None:
    account.connect(receiver, "safe")
    openid = account.follower()
    clear = plain_reply(account, openid, "明文回复")
    receiver.answer = lambda _: (200, clear.encode())
    assert account.act(openid, "text", text="在吗")["push"]["outcome"] == "abnormal"
    assert account.chat(openid)[-1]["text"] == FAULT_NOTICE
    sealed = crypto_of(account).encrypt_message(clear, "1234567890", "1700000000")
    receiver.answer = lambda _: (200, sealed.encode())
    assert account.act(openid, "text", text="在吗")["push"]["outcome"] == "replied"
    assert account.chat(openid)[-1]["text"] == "明文回复"


def test_success_needs_no_encryption_in_safe_mode(account: Official, receiver: Receiver) -> None:
    account.connect(receiver, "safe")
    openid = account.follower()
    assert account.act(openid, "text", text="在吗")["push"]["outcome"] == "acknowledged"


def test_compatible_mode_sends_both_and_bears_either_reply(account: Official, receiver: Receiver) -> None:
    account.connect(receiver, "compatible")
    openid = account.follower()
    account.act(openid, "text", text="含有 </xml> 的话")
    push = receiver.pushes()[-1]
    both = ElementTree.fromstring(push.body)
    assert both.findtext("Content") == "含有 </xml> 的话"
    assert ElementTree.fromstring(opened(account, push)).findtext("Content") == "含有 </xml> 的话"
    clear = plain_reply(account, openid, "好的")
    replies = [clear, crypto_of(account).encrypt_message(clear, "1234567890", "1700000000")]
    receiver.answer = lambda _: (200, replies.pop().encode())
    while replies:
        assert account.act(openid, "text", text="在吗")["push"]["outcome"] == "replied"


@pytest.mark.parametrize("wrong", ["key", "appid", "token"])
def test_a_reply_sealed_with_something_else_is_a_fault(account: Official, receiver: Receiver, wrong: str) -> None:
    account.connect(receiver, "safe")
    openid = account.follower()
    crypto = WeChatCrypto(
        "othertoken" if wrong == "token" else account.fields["token"],
        "k" * 43 if wrong == "key" else account.fields["encoding_aes_key"],
        "wx0000000000000000" if wrong == "appid" else account.appid,
    )
    sealed = crypto.encrypt_message(plain_reply(account, openid, "不可信"), "1234567890", "1700000000")
    receiver.answer = lambda _: (200, sealed.encode())
    assert account.act(openid, "text", text="在吗")["push"]["outcome"] == "abnormal"
    assert account.chat(openid)[-1]["text"] == FAULT_NOTICE


def test_a_new_key_is_used_from_the_next_push_on(account: Official, receiver: Receiver) -> None:
    account.connect(receiver, "safe")
    openid = account.follower()
    account.control("PUT", "/callback", {"url": receiver.url, "encoding_aes_key": "B" * 42 + "A"})
    account.fields = account.control("GET", "")
    account.act(openid, "text", text="换了密钥")
    assert "换了密钥" in opened(account, receiver.pushes()[-1])


def test_retries_of_a_safe_push_hold_the_same_message(account: Official, receiver: Receiver) -> None:
    account.connect(receiver, "safe")
    openid = account.follower()
    before = len(receiver.pushes())
    hung_up: list[Received] = []

    def answer(push: Received) -> tuple[int, bytes]:
        if len(hung_up) < 2:
            hung_up.append(push)
            raise ConnectionResetError
        return 200, b"success"

    receiver.answer = answer
    assert account.act(openid, "text", text="再试")["push"]["outcome"] == "acknowledged"
    tries = receiver.pushes()[before:]
    assert len(tries) == 3
    assert len({opened(account, push) for push in tries}) == 1
