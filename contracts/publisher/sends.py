"""Mass sends and their receipts; repost mandates."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event


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
