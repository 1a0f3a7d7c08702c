"""Live chat, and notices outside of the page."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from contracts.envelope import Event


class ChatOpened(Event, subject="micro_community.chat.opened.v1", key="chat_id"):
    """A follower wrote to the account and nobody was talking with them: somebody should answer (陪聊)."""

    chat_id: str
    account_id: str
    opened_at: datetime


class ChatMessageWritten(Event, subject="micro_community.chat.message_written.v1", key="chat_id"):
    """Somebody of the group, or the automatic answer (`written_by` None), answered a follower.

    Publisher sends it as a customer-service message, once per `message_id`.
    """

    chat_id: str
    message_id: str
    account_id: str
    openid: str
    text: str
    written_by: str | None
    written_at: datetime


class ChatAssigned(Event, subject="micro_community.chat.assigned.v1", key="chat_id"):
    """Somebody of the group took a chat over."""

    chat_id: str
    account_id: str
    person_id: str
    assigned_at: datetime


class ChatClosed(Event, subject="micro_community.chat.closed.v1", key="chat_id"):
    """The matter is settled; the follower's next message opens the chat again."""

    chat_id: str
    account_id: str
    closed_by: str
    closed_at: datetime


class FollowerNoticeWritten(Event, subject="micro_community.follower_notice.written.v1", key="notice_id"):
    """A member is to be told of something outside of the page, on a channel that the follower opened for it.

    Publisher sends it once per `notice_id`.
    """

    notice_id: str
    account_id: str
    openid: str
    notice_channel: Literal["subscription", "template"]
    """`subscription` 订阅通知: one acceptance is good for one notice; `template` 模板消息."""
    template_id: str
    """WeChat's id of the template."""
    page_url: str
    """Where a tap leads."""
    fields: dict[str, str]
    """The template's keywords (`thing1`, `time2`, …) with their values, cut to what WeChat takes."""
    written_at: datetime
