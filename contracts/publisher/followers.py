"""Followers: what they do at the account, and what they are sent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from contracts.envelope import Event


class FollowerFollowed(Event, subject="publisher.follower.followed.v1", key="follower_id"):
    """Somebody follows an account. `follower_id` is `<account_id>:<openid>`."""

    follower_id: str
    account_id: str
    openid: str
    scene: str | None
    """The scene of the QR code that was scanned; null: found in another way."""
    followed_at: datetime


class FollowerUnfollowed(Event, subject="publisher.follower.unfollowed.v1", key="follower_id"):
    """Somebody stopped following."""

    follower_id: str
    account_id: str
    openid: str
    unfollowed_at: datetime


class FollowerAuthorisationWithdrawn(Event, subject="publisher.follower.authorisation_withdrawn.v1", key="follower_id"):
    """The follower withdrew the authorisation of profile data: what is stored of it must be deleted."""

    follower_id: str
    account_id: str
    openid: str
    withdrawn_at: datetime


class MessageReceived(Event, subject="publisher.message.received.v1", key="message_id"):
    """A follower wrote to an account. `message_id` is `<account_id>:<MsgId>`."""

    message_id: str
    account_id: str
    openid: str
    kind: str
    """WeChat's `MsgType`: `text`, `image`, `voice`, `video`, `shortvideo`, `location`, `link`."""
    text: str | None
    """What can be read of it: the words, a voice's transcript, a place's label, a link's title; null: nothing."""
    media_id: str | None
    received_at: datetime


class FollowerAnsweredNotices(Event, subject="publisher.follower.answered_notices.v1", key="follower_id"):
    """The follower answered WeChat's question whether they want notices (订阅通知), or changed the answer later."""

    follower_id: str
    account_id: str
    openid: str
    accepted: tuple[str, ...]
    """Template ids: one notice more may be sent for each."""
    refused: tuple[str, ...]
    """Template ids that must not be used until they are accepted again."""
    answered_at: datetime


FollowerMessageKind = Literal["customer_message", "subscription", "template"]


class FollowerMessageSent(Event, subject="publisher.follower_message.sent.v1", key="message_id"):
    """WeChat took a message to one follower: of a live chat, or a notice. Whether it was read nobody knows."""

    message_id: str
    """`message_id` of the chat's line, or `notice_id`."""
    account_id: str
    kind: FollowerMessageKind
    """`customer_message` 客服消息, `subscription` 订阅通知 or `template` 模板消息."""
    sent_at: datetime


class FollowerMessageRefused(Event, subject="publisher.follower_message.refused.v1", key="message_id"):
    """It was not sent, and will not be: WeChat refused it, or the account is not connected."""

    message_id: str
    """`message_id` of the chat's line, or `notice_id`."""
    account_id: str
    kind: FollowerMessageKind
    """See `FollowerMessageSent`."""
    code: str
    """Ours, or `wechat.<errcode>`: 45015 the 48 hours are over, 45047 too many, 43101 the follower did not accept."""
    detail: str
    """For people, in Chinese."""
    refused_at: datetime


class FollowerMessageOutcomeUnknown(Event, subject="publisher.follower_message.outcome_unknown.v1", key="message_id"):
    """The call ended without an answer. WeChat cannot be asked about such a message, so it is not repeated."""

    message_id: str
    """`message_id` of the chat's line, or `notice_id`."""
    account_id: str
    kind: FollowerMessageKind
    """See `FollowerMessageSent`."""
    noticed_at: datetime
