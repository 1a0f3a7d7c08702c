"""Template messages and subscribe notices: the end of a delivery, told to the account's server (§3.11)."""

import json

from sandbox.wechat import faults
from sandbox.wechat.platform import Platform
from sandbox.wechat.pushxml import Node

TIMER, NOTICE_TIMER = "template_message", "subscribe_notice"


async def finish(platform: Platform, appid: str, subject: str) -> None:
    """Push how a template message ended."""
    sent = json.loads(subject)
    account = platform.world.accounts.get("", appid)
    follower = platform.world.followers.get(appid, sent["openid"])
    if account is None or follower is None:
        return
    scripted = faults.take_one(platform.world, "template_outcome", appid)
    status = "failed:user block" if follower.refuses_messages else "success"
    nodes: list[tuple[str, Node]] = [
        ("MsgType", "event"),
        ("Event", "TEMPLATESENDJOBFINISH"),
        ("MsgID", int(sent["msg_id"])),
        ("Status", scripted.template_status if scripted else status),
    ]
    platform.pusher.push(account, follower.openid, "TEMPLATESENDJOBFINISH", nodes)


async def finish_notice(platform: Platform, appid: str, subject: str) -> None:
    """Push that a subscribe notice was delivered."""
    sent = json.loads(subject)
    account = platform.world.accounts.get("", appid)
    if account is None:
        return
    item: list[tuple[str, Node]] = [
        ("TemplateId", str(sent["template_id"])),
        ("MsgID", int(sent["msg_id"])),
        ("ErrorCode", 0),
        ("ErrorStatus", "success"),
    ]
    nodes: list[tuple[str, Node]] = [
        ("MsgType", "event"),
        ("Event", "subscribe_msg_sent_event"),
        ("SubscribeMsgSentEvent", [("List", item)]),
    ]
    platform.pusher.push(account, str(sent["openid"]), "subscribe_msg_sent_event", nodes)
