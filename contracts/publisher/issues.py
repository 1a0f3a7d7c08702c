"""Issues of articles, on their way to approval."""

from __future__ import annotations

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
