"""Callbacks as the platform makes them."""

from __future__ import annotations

import secrets
from typing import Any

import xmltodict
from wechatpy.crypto import WeChatCrypto

from contracts.registry import WeChatCredentials
from services.publisher.adapters.wechat.callbacks import signature_of
from services.publisher.ports import CallbackQuery
from tests.unit.publisher.shapes import NOW

KEY = secrets.token_hex(22)[:43]
OURS = WeChatCredentials(
    app_id="wx0123456789abcdef", app_secret=secrets.token_hex(16), token="callbacktoken", encoding_aes_key=KEY
)
STAMP, NONCE = str(int(NOW.timestamp())), "nonce1"
TEXT = (
    "<xml><ToUserName>gh_1</ToUserName><FromUserName>oFollower</FromUserName><CreateTime>1795140000</CreateTime>"
    "<MsgType>text</MsgType><Content><![CDATA[你好]]></Content><MsgId>9007199254740993</MsgId></xml>"
)


def sealed(
    clear: str, by: WeChatCredentials = OURS, *, stamp: str = STAMP, **changes: Any
) -> tuple[CallbackQuery, bytes]:
    """A push in safe mode, as the platform makes it."""
    crypto = WeChatCrypto(by.token, by.encoding_aes_key, by.app_id)
    envelope = xmltodict.parse(crypto.encrypt_message(clear, NONCE, stamp))["xml"]
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{envelope['Encrypt']}]]></Encrypt></xml>"
    fields = {
        "signature": signature_of(by.token, stamp, NONCE),
        "timestamp": stamp,
        "nonce": NONCE,
        "encrypt_type": "aes",
        "msg_signature": envelope["MsgSignature"],
    }
    return CallbackQuery(**(fields | changes)), body.encode()


def event(name: str, **nodes: str) -> str:
    more = "".join(f"<{node}>{value}</{node}>" for node, value in nodes.items())
    head = "<FromUserName>oFollower</FromUserName><CreateTime>1795140000</CreateTime>"
    return f"<xml>{head}<MsgType>event</MsgType><Event>{name}</Event>{more}</xml>"
