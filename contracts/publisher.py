"""Facts that publisher 发布 publishes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event
from contracts.permit import Act


class ArticlePayload(BaseModel):
    """One article as it will go out. Pictures are named by the SHA-256 of their bytes (lower-case hex)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    author: str
    digest: str
    """The summary under the title; not a checksum."""
    content_html: str
    """Pictures inside are `<img src="picture:<sha256>">`."""
    content_source_url: str
    cover: str
    pictures: tuple[str, ...]
    need_open_comment: bool
    only_followers_can_comment: bool


class MassSendPayload(BaseModel):
    """The exact payload of a mass send: what is digested, shown to the approver, and executed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    act: Literal["mass_send"] = "mass_send"
    account_id: str
    articles: tuple[ArticlePayload, ...]
    tag_id: int | None
    """None: all followers."""
    send_at: str | None
    """ISO 8601 in UTC; None: as soon as it is permitted."""
    send_ignore_reprint: bool
    major_group_news: bool
    """True: every unit's account must carry it on within one working day (§5.3.1). Only on the group's account."""


class AccountConnected(Event, subject="publisher.account.connected.v1", key="account_id"):
    """Publisher took the account into service: token, callback handshake and menu baseline all held."""

    account_id: str
    app_id: str
    menu_digest: str | None
    """Digest of the live menu; None: the account has none."""
    menu: dict[str, Any] | None
    connected_at: datetime


class AccountConnectionFailed(Event, subject="publisher.account.connection_failed.v1", key="account_id"):
    """The account could not be taken into service. `step`: `unseal`, `token`, `callback` or `menu`."""

    account_id: str
    step: str
    code: str
    """Ours, or `wechat.<errcode>`."""
    detail: str


class IssueSubmitted(Event, subject="publisher.issue.submitted.v1", key="issue_id"):
    """An issue waits for review. `payload` is the canonical payload that `digest` is of."""

    issue_id: str
    act: Act
    account_id: str
    unit_path: str
    revision: int
    digest: str
    payload: dict[str, Any]
    author_id: str
    last_editor_id: str
    submitted_by: str
    mandate_id: str | None


class IssueEdited(Event, subject="publisher.issue.edited.v1", key="issue_id"):
    """A submitted issue changed: what was approved is no longer what would go out."""

    issue_id: str
    account_id: str
    revision: int
    digest_before: str
    digest: str
    edited_by: str


class IssueWithdrawn(Event, subject="publisher.issue.withdrawn.v1", key="issue_id"):
    """The operator took a submitted issue back."""

    issue_id: str
    account_id: str
    withdrawn_by: str


class SentArticle(BaseModel):
    """One article that went out."""

    model_config = ConfigDict(frozen=True)

    index: int
    """From 1, as WeChat counts."""
    title: str
    digest: str
    """The summary under the title; not a checksum."""
    url: str
    cover: str
    """Address of the cover picture; may be empty."""


class Receipt(BaseModel):
    """WeChat's counts of a mass send. `filtered` = `sent` + `failed`, about (platform reference §2.3)."""

    model_config = ConfigDict(frozen=True)

    total: int
    filtered: int
    sent: int
    failed: int


class MassSendOrdered(Event, subject="publisher.mass_send.ordered.v1", key="mass_send_id"):
    """A permit was claimed for an issue; it will be sent once."""

    mass_send_id: str
    issue_id: str
    account_id: str
    permit_id: str
    case_id: str


class MassSendSent(Event, subject="publisher.mass_send.sent.v1", key="mass_send_id"):
    """WeChat reported the end of the job: the issue reached the followers."""

    mass_send_id: str
    issue_id: str
    account_id: str
    account_name: str
    unit_path: str
    is_group_account: bool
    permit_id: str
    case_id: str
    mandate_id: str | None
    msg_id: int
    """WeChat's id of the job."""
    msg_data_id: int
    receipt: Receipt
    articles: tuple[SentArticle, ...]
    sent_at: datetime
    receipt_known: bool = True
    """False: the callback never came and the platform was asked instead; it tells neither counts nor addresses."""


class MassSendRefused(Event, subject="publisher.mass_send.refused.v1", key="mass_send_id"):
    """It will not be sent: our own check or WeChat refused. `code` is ours, or `wechat.<errcode>`."""

    mass_send_id: str
    issue_id: str
    account_id: str
    code: str
    detail: str


class MassSendOutcomeUnknown(Event, subject="publisher.mass_send.outcome_unknown.v1", key="mass_send_id"):
    """The call ended without an answer; it is being reconciled by `clientmsgid`, never repeated blindly."""

    mass_send_id: str
    issue_id: str
    account_id: str
    detail: str


class RepostMandateRaised(Event, subject="publisher.repost_mandate.raised.v1", key="mandate_id"):
    """A unit's account must carry the group's news on by `due_at` (§5.3.1)."""

    mandate_id: str
    account_id: str
    unit_path: str
    source_mass_send_id: str
    source_titles: tuple[str, ...]
    source_urls: tuple[str, ...]
    raised_at: datetime
    due_at: datetime
    provisional: bool
    """True: the calendar has no data for the days involved; weekdays were assumed."""


class RepostMandateFulfilled(Event, subject="publisher.repost_mandate.fulfilled.v1", key="mandate_id"):
    """The account reposted; the mass send is the evidence."""

    mandate_id: str
    account_id: str
    unit_path: str
    mass_send_id: str
    urls: tuple[str, ...]
    fulfilled_at: datetime
    on_time: bool


class RepostMandateBreached(Event, subject="publisher.repost_mandate.breached.v1", key="mandate_id"):
    """The due time passed without a repost."""

    mandate_id: str
    account_id: str
    unit_path: str
    due_at: datetime


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
