"""message/custom/*: customer-service messages within the windows that followers open (§3.6)."""

from typing import Any

from sandbox.wechat import chat, materials
from sandbox.wechat.calls import VERIFIED, Answer, Call, Document, Endpoint, ok, text
from sandbox.wechat.endpoints import drafts, users
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.publishing import make_pages

_MEDIA = {"image": ("image",), "voice": ("voice",), "video": ("video",)}
_TEXT_BYTES = 2048


def _part(body: Document, msgtype: str) -> Document:
    part = body.get(msgtype)
    if not isinstance(part, dict):
        raise WeChatError(40008)
    return part


def _text(part: Document) -> dict[str, Any]:
    words = text(part, "content", 44004)
    if len(words.encode()) > _TEXT_BYTES:
        raise WeChatError(45002)
    return {"kind": "text", "text": words}


def _news(part: Document) -> dict[str, Any]:
    listed = part.get("articles")
    if not isinstance(listed, list) or not listed:
        raise WeChatError(44003)
    if len(listed) > 1:
        raise WeChatError(45008)
    given = listed[0] if isinstance(listed[0], dict) else {}
    card = {
        "title": text(given, "title", 45003),
        "description": str(given.get("description", "")),
        "picture": str(given.get("picurl", "")),
        "url": str(given.get("url", "")),
    }
    return {"kind": "news", "articles": [card]}


def _published(call: Call, part: Document) -> dict[str, Any]:
    article_id = text(part, "article_id")
    for job in call.world.publications.all(call.appid):
        if job.article_id == article_id:
            return {"kind": "news", "articles": [chat.article_card(call.world, p) for p in job.page_ids[:1]]}
    raise WeChatError(40035)


def _draft(call: Call, part: Document) -> dict[str, Any]:
    draft = drafts.find(call, text(part, "media_id", 41006))
    pages = make_pages(call.world, call.appid, draft.articles[:1], "preview", draft.media_id)
    return {"kind": "news", "articles": [chat.article_card(call.world, page_id) for page_id in pages]}


def _menu(part: Document) -> dict[str, Any]:
    listed = part.get("list")
    if not isinstance(listed, list) or not listed:
        raise WeChatError(40035)
    buttons = [{"id": text(item, "id"), "content": text(item, "content")} for item in listed]
    head, tail = str(part.get("head_content", "")), str(part.get("tail_content", ""))
    return {"kind": "menu", "text": head, "buttons": buttons, "tail": tail}


def _shown(call: Call, body: Document) -> dict[str, Any]:
    """What the follower sees of the message."""
    msgtype = text(body, "msgtype", 40008)
    part = _part(body, msgtype)
    if msgtype in _MEDIA:
        media = materials.find(call.world, call.appid, part.get("media_id"), *_MEDIA[msgtype])
        return {"kind": msgtype, "image_url": chat.media_url(call.world, call.appid, media.media_id)}
    match msgtype:
        case "text":
            return _text(part)
        case "news":
            return _news(part)
        case "mpnewsarticle":
            return _published(call, part)
        case "mpnews":
            return _draft(call, part)
        case "msgmenu":
            return _menu(part)
        case "music" | "link" | "wxcard" | "miniprogrampage":
            return {"kind": msgtype, "text": str(part.get("title", msgtype))}
        case _:
            raise WeChatError(40008)


def send(call: Call) -> Answer:
    body = call.json()
    follower = users.find(call, text(body, "touser", 41009))
    if follower.blacklisted:
        raise WeChatError(43019)
    if follower.refuses_messages:
        raise WeChatError(48002)
    shown = _shown(call, body)
    chat.spend_window(call.world, follower)
    kind = shown.pop("kind")
    chat.add(call.world, follower, "account", kind, origin="custom", **shown)
    call.note("custom_message", openid=follower.openid, msgtype=body["msgtype"], text=shown.get("text", ""))
    return ok()


def typing(call: Call) -> Answer:
    """Show or hide “对方正在输入”; only while a message could be sent."""
    body = call.json()
    follower = users.find(call, text(body, "touser", 41009))
    if text(body, "command") not in ("Typing", "CancelTyping"):
        raise WeChatError(40035)
    if not any(window.expires_at > call.now for window in follower.windows):
        raise WeChatError(45015)
    return ok()


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/message/custom/send", send, VERIFIED, daily=500_000),
    Endpoint("POST", "/cgi-bin/message/custom/typing", typing, VERIFIED),
)
