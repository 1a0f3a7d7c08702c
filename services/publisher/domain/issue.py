"""An issue: what is written, submitted for review, and sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from contracts.permit import Approval, canonical, digest_of
from contracts.publisher import MassSendPayload
from contracts.review import Verdict
from kit.refusal import Refusal, StaleVersion
from services.publisher.domain.article import Article


class State(StrEnum):
    """Where an issue stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ORDERED = "ordered"
    SENT = "sent"
    NOT_SENT = "not_sent"


WAITING = frozenset({State.SUBMITTED, State.APPROVED})
OPEN = frozenset({State.DRAFT, State.RETURNED, State.REJECTED, State.WITHDRAWN, State.NOT_SENT})


class IssueNotOpen(Refusal):
    """It is being sent, or was."""

    code = "publisher.issue_not_open"
    clause = "§6.1"
    text = "该图文正在群发或已经群发，不能再修改、提交或撤回。"


class IssueAlreadySubmitted(Refusal):
    """It waits for review, or was approved, as it is."""

    code = "publisher.issue_already_submitted"
    text = "该图文已提交审核，无需重复提交；如需修改，请直接编辑后重新提交。"


class IssueNotSubmitted(Refusal):
    """There is nothing to withdraw."""

    code = "publisher.issue_not_submitted"
    text = "该图文没有处于审核中，无需撤回。"


class IssueTakenBack(Refusal):
    """Its operator withdrew it."""

    code = "publisher.issue_withdrawn"
    text = "该图文已由运营人员撤回。"


class IssueTooLarge(Refusal):
    """All its articles together are more than one submission can carry."""

    code = "publisher.issue_too_large"
    status = 422
    text = "整期图文内容过大，请减少文章篇数或精简正文。"


class SendTimePast(Refusal):
    """The time it was to be sent at is over."""

    code = "publisher.send_time_past"
    status = 422
    text = "定时群发的时间已过，请重新选择时间。"


class NotTheGroupAccount(Refusal):
    """Only the group's own account publishes news that the others must carry on."""

    code = "publisher.not_the_group_account"
    status = 422
    clause = "§5.3.1"
    text = "只有集团官微可以发布集团重大新闻。"


class MandateFixed(Refusal):
    """What the reviewer was told that it fulfils cannot change under review."""

    code = "publisher.mandate_fixed"
    clause = "§5.3.1"
    text = "审核中的图文不能更换所对应的转发任务，请先撤回。"


@dataclass(frozen=True)
class Content:
    """Everything that approval covers, besides the account."""

    articles: tuple[Article, ...]
    tag_id: int | None
    send_at: datetime | None
    send_ignore_reprint: bool
    major_group_news: bool


@dataclass(frozen=True)
class Submission:
    """What was handed to review."""

    digest: str
    revision: int
    submitted_by: str
    submitted_at: datetime


@dataclass(frozen=True)
class Decision:
    """What review said about a submission."""

    case_id: str
    verdict: Verdict
    digest: str
    reason: str
    approvals: tuple[Approval, ...]
    decided_at: datetime


@dataclass(frozen=True)
class Setback:
    """Why it was not sent, or may not be."""

    code: str
    detail: str
    at: datetime


@dataclass(frozen=True)
class Edit:
    """What an edit did: `digest_before` is set when it voided a submission or an approval."""

    changed: bool
    digest_before: str | None = None


@dataclass
class Issue:
    """An issue of one to eight articles for one account."""

    issue_id: str
    account_id: str
    unit_path: str
    content: Content
    mandate_id: str | None
    author_id: str
    last_editor_id: str
    created_at: datetime
    updated_at: datetime
    state: State = State.DRAFT
    revision: int = 1
    submission: Submission | None = None
    decision: Decision | None = None
    setback: Setback | None = None
    mass_send_id: str | None = None
    version: int = 0

    @property
    def payload(self) -> dict[str, Any]:
        """The canonical payload: what is digested, approved and executed."""
        send_at = self.content.send_at
        return MassSendPayload(
            account_id=self.account_id,
            articles=tuple(article.payload for article in self.content.articles),
            tag_id=self.content.tag_id,
            send_at=send_at.astimezone(UTC).isoformat() if send_at else None,
            send_ignore_reprint=self.content.send_ignore_reprint,
            major_group_news=self.content.major_group_news,
        ).model_dump(mode="json")

    @property
    def digest(self) -> str:
        return digest_of(self.payload)

    def edit(self, content: Content, mandate_id: str | None, *, revision: int, by: str, now: datetime) -> Edit:
        """Take new content. What equals the old content changes nothing and voids nothing.

        Raises:
            StaleVersion: somebody else edited the revision that the caller saw.
            IssueNotOpen, MandateFixed
        """
        if revision != self.revision:
            raise StaleVersion(revision=self.revision)
        before = self.digest
        waiting = self.state in WAITING or self.state is State.ORDERED
        if not waiting and self.state not in OPEN:
            raise IssueNotOpen(state=self.state)
        if waiting and mandate_id != self.mandate_id:
            raise MandateFixed
        same_mandate, self.mandate_id, self.content = mandate_id == self.mandate_id, mandate_id, content
        if self.digest == before and same_mandate:
            return Edit(changed=False)
        self.revision += 1
        self.last_editor_id, self.updated_at = by, now
        if waiting:
            self.state, self.mass_send_id = State.DRAFT, None
        return Edit(changed=True, digest_before=before if waiting else None)

    def submit(self, by: str, now: datetime, *, most_bytes: int) -> Submission:
        """Hand it to review.

        Raises:
            IssueAlreadySubmitted, IssueNotOpen, SendTimePast, IssueTooLarge
        """
        if self.state in WAITING:
            raise IssueAlreadySubmitted
        if self.state not in OPEN:
            raise IssueNotOpen(state=self.state)
        if self.content.send_at is not None and self.content.send_at <= now:
            raise SendTimePast
        size = len(canonical(self.payload))
        if size > most_bytes:
            raise IssueTooLarge(bytes=size, most_bytes=most_bytes)
        self.submission = Submission(self.digest, self.revision, by, now)
        self.state, self.decision, self.setback, self.mass_send_id = State.SUBMITTED, None, None, None
        self.updated_at = now
        return self.submission

    def withdraw(self, now: datetime) -> None:
        """Take it back from review, or from an order that has not begun to send.

        Raises:
            IssueNotSubmitted, IssueNotOpen
        """
        if self.state in OPEN:
            raise IssueNotSubmitted
        if self.state not in WAITING and self.state is not State.ORDERED:
            raise IssueNotOpen(state=self.state)
        self.state, self.mass_send_id, self.updated_at = State.WITHDRAWN, None, now

    def decided(self, decision: Decision) -> bool:
        """Note review's verdict, if it is on what was submitted last. False: it is about something else."""
        if self.submission is None or self.submission.digest != decision.digest:
            return False
        if self.state is State.SUBMITTED:
            self.state = State(decision.verdict)
        elif self.state not in (State.ORDERED, State.SENT, State.NOT_SENT) or self.decision is not None:
            return False
        self.decision, self.updated_at = decision, decision.decided_at
        return True

    def approval_voided(self, digest: str, setback: Setback) -> None:
        """Review took its approval back."""
        if self.submission and self.submission.digest == digest and self.state in (*WAITING, State.ORDERED):
            self.state, self.setback, self.mass_send_id = State.RETURNED, setback, None
            self.updated_at = setback.at

    def ordered(self, mass_send_id: str, now: datetime) -> None:
        self.state, self.mass_send_id, self.updated_at = State.ORDERED, mass_send_id, now

    def refused(self, mass_send_id: str | None, setback: Setback) -> None:
        """Its order was refused; with None, its permit could not be turned into one."""
        if mass_send_id is not None and mass_send_id != self.mass_send_id:
            return
        self.setback, self.updated_at = setback, setback.at
        if mass_send_id is not None:
            self.state = State.NOT_SENT

    def sent(self, mass_send_id: str, now: datetime) -> None:
        if mass_send_id == self.mass_send_id:
            self.state, self.updated_at = State.SENT, now
