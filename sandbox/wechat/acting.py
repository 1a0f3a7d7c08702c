"""What a follower does on the phone, and the push that the account's server gets for it (§2.2, §2.3)."""

from typing import Any

from sandbox.wechat import chat, ids
from sandbox.wechat.content import Image, QrCode
from sandbox.wechat.materials import keep_temporary
from sandbox.wechat.platform import Platform
from sandbox.wechat.pushxml import Node
from sandbox.wechat.records import Account, Follower, Push


class Impossible(Exception):
    """The phone does not offer this act now; the text says why, in Chinese."""


def follower_of(platform: Platform, account: Account, person_id: str) -> Follower:
    """A person as the account sees them; made at their first contact."""
    world = platform.world
    openid = ids.openid(account.appid, person_id)
    known = world.followers.get(account.appid, openid)
    return known or world.save_follower(Follower(appid=account.appid, openid=openid, person_id=person_id))


def event(
    platform: Platform,
    account: Account,
    follower: Follower,
    event: str,
    *nodes: tuple[str, Node],
    quiet: bool = False,
) -> Push:
    return platform.pusher.push(
        account,
        follower.openid,
        event,
        [("MsgType", "event"), ("Event", event), *nodes],
        answerable=not quiet,
    )


def _words(platform: Platform, account: Account, follower: Follower, kind: str, *nodes: tuple[str, Node]) -> Push:
    """A message of the follower: it alone has a MsgId, and opens the 48 hours."""
    if not follower.subscribed:
        raise Impossible("尚未关注该公众号，不能发送消息")
    chat.window_of_words(platform.world, follower)
    message_id = platform.world.number()
    return platform.pusher.push(
        account,
        follower.openid,
        kind,
        [("MsgType", kind), *nodes, ("MsgId", message_id)],
        answerable=True,
        single_article=True,
    )


def follow(platform: Platform, account: Account, follower: Follower, code: QrCode | None = None) -> Push:
    """Follow, from a search or by a QR code with a scene."""
    if follower.subscribed:
        raise Impossible("已经关注该公众号")
    follower.subscribed, follower.subscribe_time = True, int(platform.world.clock.now())
    follower.subscribe_scene = "ADD_SCENE_QR_CODE" if code else "ADD_SCENE_SEARCH"
    follower.qr_scene = code.scene_id if code else 0
    follower.qr_scene_str = code.scene_str if code else ""
    chat.window_of_touch(platform.world, follower, "subscribe")
    chat.add(platform.world, follower, "platform", "notice", text=f"已关注“{account.name}”")
    scene: list[tuple[str, Node]] = [("EventKey", "")]
    if code:
        scene = [("EventKey", f"qrscene_{code.scene_str or code.scene_id}"), ("Ticket", code.ticket)]
    return event(platform, account, follower, "subscribe", *scene)


def unfollow(platform: Platform, account: Account, follower: Follower) -> Push:
    if not follower.subscribed:
        raise Impossible("尚未关注该公众号")
    follower.subscribed, follower.windows, follower.grants, follower.tags = False, [], {}, []
    platform.world.save_follower(follower)
    chat.add(platform.world, follower, "platform", "notice", text=f"已取消关注“{account.name}”")
    return event(platform, account, follower, "unsubscribe", ("EventKey", ""), quiet=True)


def scan(platform: Platform, account: Account, follower: Follower, code: QrCode) -> Push:
    """Scan a QR code of the account: a follower's SCAN, or the follow of somebody new."""
    if code.appid != account.appid:
        raise Impossible("这不是该公众号的二维码")
    if code.expires_at is not None and code.expires_at <= platform.world.clock.now():
        raise Impossible("二维码已过期")
    if not follower.subscribed:
        return follow(platform, account, follower, code)
    chat.window_of_touch(platform.world, follower, "scan")
    chat.add(platform.world, follower, "platform", "notice", text="已扫描二维码")
    key = code.scene_str or str(code.scene_id)
    return event(platform, account, follower, "SCAN", ("EventKey", key), ("Ticket", code.ticket))


def say(platform: Platform, account: Account, follower: Follower, text: str, menu_id: str = "") -> Push:
    """Write a text; one that was tapped in a message menu carries the entry's id."""
    extra: list[tuple[str, Node]] = [("bizmsgmenuid", menu_id)] if menu_id else []
    push = _words(platform, account, follower, "text", ("Content", text), *extra)
    chat.add(platform.world, follower, "follower", "text", text=text, origin=push.push_id)
    return push


def show_picture(platform: Platform, account: Account, follower: Follower, image: Image) -> Push:
    url = platform.world.image_url(image)
    media = keep_temporary(platform.world, account.appid, "image", "picture", image)
    push = _words(platform, account, follower, "image", ("PicUrl", url), ("MediaId", media.media_id))
    chat.add(platform.world, follower, "follower", "image", image_url=url, origin=push.push_id)
    return push


def tell_place(platform: Platform, account: Account, follower: Follower, place: dict[str, Any]) -> Push:
    """Send a location: `latitude`, `longitude`, `scale`, `label`."""
    label = str(place.get("label", ""))
    push = _words(
        platform,
        account,
        follower,
        "location",
        ("Location_X", str(place["latitude"])),
        ("Location_Y", str(place["longitude"])),
        ("Scale", int(place.get("scale", 15))),
        ("Label", label),
    )
    chat.add(platform.world, follower, "follower", "location", text=f"位置：{label}", origin=push.push_id)
    return push


def withdraw_authorisation(platform: Platform, account: Account, follower: Follower) -> Push:
    """Take back the web authorisation: its tokens die, and the account must delete what it stored."""
    world = platform.world
    for token in world.oauth_tokens.all(""):
        if token.appid == account.appid and token.openid == follower.openid:
            world.oauth_tokens.delete("", token.access_token)
    chat.add(world, follower, "platform", "notice", text="已撤回网页授权")
    return event(
        platform,
        account,
        follower,
        "user_authorization_revoke",
        ("OpenID", follower.openid),
        ("AppID", account.appid),
        ("RevokeInfo", "1"),
        quiet=True,
    )


def change_profile(platform: Platform, account: Account, follower: Follower) -> Push:
    """Tell an account that the person changed their profile."""
    return event(
        platform,
        account,
        follower,
        "user_info_modified",
        ("OpenID", follower.openid),
        ("AppID", account.appid),
        quiet=True,
    )


def decide_notice(platform: Platform, account: Account, follower: Follower, template_id: str, *, accept: bool) -> Push:
    """Answer the popup that asks for a subscribe notice: one acceptance is worth one notice."""
    if accept:
        follower.grants[template_id] = follower.grants.get(template_id, 0) + 1
        platform.world.save_follower(follower)
    answer = "accept" if accept else "reject"
    chat.add(
        platform.world,
        follower,
        "platform",
        "notice",
        text="已同意接收一次订阅通知" if accept else "已拒绝订阅通知",
    )
    item: list[tuple[str, Node]] = [
        ("TemplateId", template_id),
        ("SubscribeStatusString", answer),
        ("PopupScene", "2"),
    ]
    nodes: list[tuple[str, Node]] = [("List", item)]
    return event(
        platform,
        account,
        follower,
        "subscribe_msg_popup_event",
        ("SubscribeMsgPopupEvent", nodes),
        quiet=True,
    )
