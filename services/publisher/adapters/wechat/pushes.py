"""The nodes of a push, in publisher's words (platform reference §2.2, §2.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from contracts.publisher import Receipt
from services.publisher.adapters.wechat.words import status_in_words
from services.publisher.domain.callback import CallbackMalformed
from services.publisher.domain.mass_send import JobResult
from services.publisher.ports import Push, PushKind

SCENE = "qrscene_"
LARGEST_ID = 2**63 - 1
EVENTS: Mapping[str, PushKind] = MappingProxyType(
    {
        "subscribe": "followed",
        "unsubscribe": "unfollowed",
        "user_authorization_revoke": "authorisation_withdrawn",
        "MASSSENDJOBFINISH": "job_finished",
        "subscribe_msg_popup_event": "answered_notices",
        "subscribe_msg_change_event": "answered_notices",
    }
)


def read_push(nodes: Mapping[str, Any]) -> Push:
    """What the push says.

    Raises:
        CallbackMalformed: it lacks what every push of its kind has.
    """
    openid, kind, created = (_text(nodes, name) for name in ("FromUserName", "MsgType", "CreateTime"))
    if not openid or not kind or not _is_number(created, 11):
        raise CallbackMalformed
    at = datetime.fromtimestamp(int(created), UTC)
    return _event(nodes, openid, at) if kind == "event" else _message(nodes, openid, kind, at)


def _message(nodes: Mapping[str, Any], openid: str, kind: str, at: datetime) -> Push:
    message_id = _text(nodes, "MsgId")
    if not _is_number(message_id, 20):
        raise CallbackMalformed
    words = (_text(nodes, name) for name in ("Content", "Recognition", "Label", "Title"))
    return Push(
        "message",
        f"message|{message_id}",
        openid,
        at,
        message_id=message_id,
        message_kind=kind,
        text=next((text for text in words if text), None),
        media_id=_text(nodes, "MediaId") or None,
    )


def _event(nodes: Mapping[str, Any], openid: str, at: datetime) -> Push:
    event, event_key, job = (_text(nodes, name) for name in ("Event", "EventKey", "MsgID"))
    # Events have no id of their own, and one follower can cause two in one second.
    parts = (openid, str(int(at.timestamp())), event, event_key, job)
    key = "event|" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    kind = EVENTS.get(event, "other")
    if kind == "job_finished":
        if not _is_number(job, 19) or int(job) > LARGEST_ID:
            raise CallbackMalformed
        return Push(kind, key, openid, at, msg_id=int(job), result=_result(nodes))
    if kind == "answered_notices":
        answers = _answers(nodes)
        return Push(kind, f"{key}|{answers}", openid, at, answers=answers)
    if kind == "authorisation_withdrawn":
        # It is sent in the platform's name; the follower it is about stands inside.
        return Push(kind, key, _text(nodes, "OpenID") or openid, at)
    scene = event_key.removeprefix(SCENE) if event_key.startswith(SCENE) else None
    return Push(kind, key, openid, at, scene=scene)


def _answers(nodes: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """Template ids with the follower's answers. One `List` alone is a mapping, several are a list.

    Whoever accepts may add how (`acceptWithAlert`, `acceptWithAudio`). A change in the settings can only take away:
    what may be sent is counted by the answers to the question itself.
    """
    popup = nodes.get("SubscribeMsgPopupEvent")
    found = popup or nodes.get("SubscribeMsgChangeEvent")
    items = found.get("List") if isinstance(found, dict) else None
    answers = tuple(
        (_text(item, "TemplateId"), _text(item, "SubscribeStatusString").startswith("accept"))
        for item in (items if isinstance(items, list) else [items])
        if isinstance(item, dict) and _text(item, "TemplateId")
    )
    return answers if popup else tuple((template_id, wanted) for template_id, wanted in answers if not wanted)


def _result(nodes: Mapping[str, Any]) -> JobResult:
    total, filtered, sent, failed = (
        int(value) if _is_number(value, 12) else 0
        for value in (_text(nodes, name) for name in ("TotalCount", "FilterCount", "SentCount", "ErrorCount"))
    )
    receipt = Receipt(total=total, filtered=filtered, sent=sent, failed=failed)
    status = _text(nodes, "Status")
    return JobResult(status, receipt, _urls(nodes), by_callback=True, text=status_in_words(status))


def _urls(nodes: Mapping[str, Any]) -> tuple[str, ...]:
    """Addresses in the order of the articles. One item alone is a mapping, several are a list."""
    found = nodes.get("ArticleUrlResult")
    listed = found.get("ResultList") if isinstance(found, dict) else None
    items = listed.get("item") if isinstance(listed, dict) else None
    items = items if isinstance(items, list) else [items]
    numbered = {
        int(_text(item, "ArticleIdx")): _text(item, "ArticleUrl")
        for item in items
        if isinstance(item, dict) and _is_number(_text(item, "ArticleIdx"), 2)
    }
    return tuple(numbered.get(number, "") for number in range(1, max(numbered, default=0) + 1))


def _text(nodes: Mapping[str, Any], name: str) -> str:
    value = nodes.get(name)
    return value if isinstance(value, str) else ""


def _is_number(text: str, most_digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= most_digits
