"""What an account answers to a push, checked as the platform checks it (§2.4, §2.6)."""

from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from sandbox.wechat import crypto, pushxml
from sandbox.wechat.records import Account, Push

_TEXT_BYTES = 2048
_MANY_ARTICLES = 8


class Abnormal(Exception):
    """The answer is none that the platform understands; the follower is told of a fault."""


class Dropped(Exception):
    """The answer is well formed but nothing is shown for it."""


@dataclass(frozen=True)
class Reply:
    """A line for the chat; None in `kind` stands for an acknowledgement without words."""

    kind: str | None
    text: str = ""
    media_id: str = ""
    picture: str = ""
    articles: list[dict[str, Any]] = field(default_factory=list)


SILENCE = Reply(kind=None)


def understand(account: Account, push: Push, status: int, answer: str) -> Reply:
    """Turn an answer into a reply, or say why it is abnormal."""
    if status != 200:
        raise Abnormal(f"HTTP {status}")
    if answer.strip() in ("", "success"):
        return SILENCE
    try:
        root = _clear(account, pushxml.parse(answer), push)
    except pushxml.Malformed as error:
        raise Abnormal(f"malformed XML: {error}") from error
    except crypto.Undecipherable as error:
        raise Abnormal(f"undecipherable: {error}") from error
    if pushxml.text_of(root, "ToUserName") != push.openid:
        raise Abnormal("ToUserName is not the follower")
    if pushxml.text_of(root, "FromUserName") != account.original_id:
        raise Abnormal("FromUserName is not the account")
    if not pushxml.text_of(root, "CreateTime").isdigit():
        raise Abnormal("CreateTime missing")
    return _reply(root, push)


def _clear(account: Account, root: Element, push: Push) -> Element:
    """The reply in clear. Safe mode bears no other than an encrypted one, plain mode no encrypted one."""
    ciphertext = pushxml.text_of(root, "Encrypt")
    if not ciphertext:
        if push.mode == "safe":
            raise Abnormal("safe mode wants an encrypted reply")
        return root
    if push.mode == "plain":
        raise Abnormal("encrypted reply in plain mode")
    given = pushxml.text_of(root, "MsgSignature")
    stamp, nonce = pushxml.text_of(root, "TimeStamp"), pushxml.text_of(root, "Nonce")
    if given != crypto.signature(account.token, stamp, nonce, ciphertext):
        raise Abnormal("MsgSignature does not match")
    plain = crypto.decrypt(ciphertext, encoding_aes_key=account.encoding_aes_key, appid=account.appid)
    return pushxml.parse(plain)


def _reply(root: Element, push: Push) -> Reply:
    kind = pushxml.text_of(root, "MsgType")
    match kind:
        case "text":
            return _text(root)
        case "image" | "voice":
            return Reply(kind, media_id=_needed(root, f"{kind.title()}/MediaId"))
        case "video":
            media_id = _needed(root, "Video/MediaId")
            return Reply(kind, text=pushxml.text_of(root, "Video/Title"), media_id=media_id)
        case "music":
            return Reply(kind, text=pushxml.text_of(root, "Music/Title") or "音乐")
        case "news":
            return _news(root, push)
        case "transfer_customer_service":
            return Reply(None)
        case _:
            raise Abnormal(f"MsgType {kind!r} is unknown")


def _text(root: Element) -> Reply:
    content = root.findtext("Content") or ""
    if not content:
        raise Abnormal("Content is empty")
    if len(content.encode()) > _TEXT_BYTES:
        raise Abnormal("Content is longer than 2048 bytes")
    return Reply("text", text=content)


def _needed(root: Element, path: str) -> str:
    value = pushxml.text_of(root, path)
    if not value:
        raise Abnormal(f"{path} missing")
    return value


def _news(root: Element, push: Push) -> Reply:
    items = root.findall("Articles/item")
    count = pushxml.text_of(root, "ArticleCount")
    if not items or count != str(len(items)):
        raise Abnormal("ArticleCount does not match")
    if len(items) > (1 if push.single_article else _MANY_ARTICLES):
        raise Dropped(f"{len(items)} articles are too many here")
    articles = [
        {
            "title": pushxml.text_of(item, "Title"),
            "description": pushxml.text_of(item, "Description"),
            "picture": pushxml.text_of(item, "PicUrl"),
            "url": pushxml.text_of(item, "Url"),
        }
        for item in items
    ]
    return Reply("news", articles=articles)
