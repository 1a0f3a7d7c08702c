"""Messages to single followers as WeChat wants them (platform reference §3.6, §3.11)."""

from __future__ import annotations

from typing import Any

from services.publisher.adapters.wechat.client import Call
from services.publisher.domain.follower_message import FollowerMessage

WORDS = {
    40001: "公众号凭据无效，请重新录入。",
    40003: "该粉丝不存在，可能已取消关注。",
    40037: "通知模板不存在，请在社区规则里重新设置模板。",
    43004: "该粉丝没有关注公众号，无法发送。",
    43019: "该粉丝已被公众号拉黑，无法发送。",
    43101: "该粉丝没有订阅这类通知，或订阅次数已用完。",
    45002: "消息太长，请精简后再发送。",
    45015: "距离该粉丝上次发言已超过 48 小时，或者对方已取消关注，微信不允许再发送。",
    45047: "连续发送的条数已达微信上限，请等待对方回复。",
    47003: "通知内容不符合模板的格式，请在社区规则里检查字段设置。",
    48001: "公众号没有这项接口权限，可能尚未通过微信认证。",
    48002: "该粉丝拒收公众号消息。",
}
OTHER = "微信拒绝了这条消息。"


def call_of(message: FollowerMessage) -> Call:
    """The call that sends it."""
    if message.kind == "customer_message":
        body: dict[str, Any] = {"touser": message.openid, "msgtype": "text", "text": {"content": message.text}}
        return Call("message/custom/send", body)
    data = {name: {"value": value} for name, value in message.fields.items()}
    common = {"touser": message.openid, "template_id": message.template_id, "data": data}
    if message.kind == "subscription":
        return Call("message/subscribe/bizsend", {**common, "page": message.page_url})
    # Of template messages alone WeChat knows the same one when it comes again.
    return Call("message/template/send", {**common, "url": message.page_url, "client_msg_id": message.message_id[:32]})


def refusal_text(errcode: int) -> str:
    """What the refusal means to people."""
    return WORDS.get(errcode, OTHER)
