"""The opening application of §4.2: from the proposal to the registered account.

submitted ─┬─► returned ──► resubmitted ─┐   (as many rounds as it takes)
           │       ▲────────────┤        │
           └────────────────────┴────────┴─► approved ──► registered
                                         └─► rejected
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal, TypeAlias

from kit.refusal import Refusal
from services.registry.domain.rules import Advice
from services.registry.domain.words import AccountKind, Stamp

State: TypeAlias = Literal["submitted", "returned", "resubmitted", "approved", "rejected", "registered"]
WAITING: tuple[State, ...] = ("submitted", "resubmitted")

STATEMENT_NAMES = {
    "necessity": "必要性",
    "feasibility": "可行性",
    "kind_reason": "属性及原因",
    "functional_positioning": "功能定位",
    "content_positioning": "内容定位",
    "frequency": "发布频次",
    "layout": "基本版式",
    "organisation": "运营组织架构",
    "operators": "运营人员",
    "review_flow": "信息审核发布流程",
    "technical_support": "技术支持",
}


class StatementsMissing(Refusal):
    """The proposal lacks statements that the rules ask for."""

    code = "registry.statements_missing"
    status = 422
    clause = "§4.2"
    text = "方案缺少必要的说明，请补充后再提交。"


class TextMissing(Refusal):
    """Feedback or a reason is empty."""

    code = "registry.text_missing"
    status = 422
    clause = "§4.2"
    text = "请填写反馈意见或理由，让申请单位知道怎样修改。"


class ApplicationDecided(Refusal):
    """The office has spoken; the application does not change any more."""

    code = "registry.application_decided"
    clause = "§4.2"
    text = "该开通申请已有结论，不能再次处理。请刷新页面查看结论。"


class ApplicationWithUnit(Refusal):
    """It was returned; the next move is the unit's."""

    code = "registry.application_with_unit"
    clause = "§4.2"
    text = "该开通申请已退回申请单位修改，请等待重新提交。"


class ApplicationNotReturned(Refusal):
    """Only what was returned may be revised."""

    code = "registry.application_not_returned"
    clause = "§4.2"
    text = "该开通申请正在企宣部处理中，退回之后才能修改。"


class ApplicationNotApproved(Refusal):
    """No account without the office's agreement."""

    code = "registry.application_not_approved"
    clause = "§4.2"
    text = "该开通申请尚未获得企宣部同意，不能登记账号。"


class ApplicationRegistered(Refusal):
    """One application, one account."""

    code = "registry.application_registered"
    clause = "§4.1"
    text = "该开通申请已登记过账号，请在台账中查看。"


class ApplicationChanged(Refusal):
    """What was decided on is not what lies there now."""

    code = "registry.application_changed"
    text = "申请内容已更新，请重新阅读后再处理。"


class OwnApplication(Refusal):
    """Who wrote it does not decide on it."""

    code = "registry.own_application"
    status = 403
    clause = "§4.2"
    text = "不能处理自己提交的开通申请，请由企宣部其他人员办理。"


@dataclass(frozen=True)
class Statements:
    """What a unit has to explain (§4.2). The kind itself stands in the proposal."""

    necessity: str
    feasibility: str
    kind_reason: str
    functional_positioning: str
    content_positioning: str
    frequency: str
    layout: str
    organisation: str
    operators: str
    review_flow: str
    technical_support: str

    def missing(self) -> tuple[str, ...]:
        """Names of the statements that say nothing."""
        return tuple(field.name for field in fields(self) if not getattr(self, field.name).strip())


@dataclass(frozen=True)
class Proposal:
    """The account that is asked for, and why."""

    account_name: str
    kind: AccountKind
    intro: str
    is_group_account: bool
    statements: Statements

    def check(self) -> None:
        """Raise StatementsMissing, naming the gaps."""
        missing = self.statements.missing()
        if missing:
            named = "、".join(STATEMENT_NAMES[name] for name in missing)
            raise StatementsMissing(f"方案缺少以下说明：{named}。请补充后再提交。", missing=list(missing))


@dataclass(frozen=True)
class Revision:
    """A proposal as it was submitted; `answer` replies to the feedback before it."""

    number: int
    proposal: Proposal
    advice: tuple[Advice, ...]
    answer: str
    submitted_by: str
    submitted_at: datetime


@dataclass(frozen=True)
class Turn:
    """One step of the application's history."""

    state: State
    revision: int
    text: str
    by: str
    at: datetime


@dataclass
class OpeningApplication:
    """A unit's wish for an account, and the office's answers."""

    application_id: str
    unit_id: str
    unit_path: str
    state: State
    revisions: tuple[Revision, ...]
    history: tuple[Turn, ...]
    account_id: str | None = None
    version: int = 0

    @property
    def current(self) -> Revision:
        return self.revisions[-1]

    @property
    def proposal(self) -> Proposal:
        return self.current.proposal

    def return_to_unit(self, feedback: str, stamp: Stamp, *, seen: int | None = None) -> None:
        """Ask for changes.

        Raises:
            TextMissing, and what `_decide` raises.
        """
        _require_text(feedback)
        self._decide("returned", feedback, stamp, seen)

    def approve(self, comment: str, stamp: Stamp, *, seen: int | None = None) -> None:
        """Agree to the proposal as it lies there."""
        self._decide("approved", comment, stamp, seen)

    def reject(self, reason: str, stamp: Stamp, *, seen: int | None = None) -> None:
        """Refuse for good; a new wish is a new application."""
        _require_text(reason)
        self._decide("rejected", reason, stamp, seen)

    def resubmit(self, proposal: Proposal, advice: tuple[Advice, ...], answer: str, stamp: Stamp) -> None:
        """Answer the feedback with a revised proposal.

        Raises:
            ApplicationNotReturned, ApplicationDecided, StatementsMissing
        """
        if self.state in WAITING:
            raise ApplicationNotReturned
        if self.state != "returned":
            raise ApplicationDecided(state=self.state)
        proposal.check()
        revision = Revision(len(self.revisions) + 1, proposal, advice, answer, stamp.by, stamp.at)
        self.revisions = (*self.revisions, revision)
        self._turn("resubmitted", answer, stamp)

    def check_registrable(self) -> None:
        """Raise unless the account may be registered now.

        Raises:
            ApplicationRegistered, ApplicationNotApproved
        """
        if self.state == "registered":
            raise ApplicationRegistered(account_id=self.account_id)
        if self.state != "approved":
            raise ApplicationNotApproved(state=self.state)

    def register(self, account_id: str, filing_number: str, stamp: Stamp) -> None:
        """The approved account exists and stands in the ledger."""
        self.check_registrable()
        self.account_id = account_id
        self._turn("registered", filing_number, stamp)

    def _decide(self, state: State, text: str, stamp: Stamp, seen: int | None) -> None:
        if self.state == "returned":
            raise ApplicationWithUnit
        if self.state not in WAITING:
            raise ApplicationDecided(state=self.state)
        if any(revision.submitted_by == stamp.by for revision in self.revisions):
            raise OwnApplication
        if seen is not None and seen != self.current.number:
            raise ApplicationChanged(revision=self.current.number)
        self._turn(state, text, stamp)

    def _turn(self, state: State, text: str, stamp: Stamp) -> None:
        self.state = state
        self.history = (*self.history, Turn(state, self.current.number, text, stamp.by, stamp.at))


@dataclass(frozen=True)
class Applicant:
    """The unit that applies."""

    unit_id: str
    unit_path: str


def submit(
    application_id: str, applicant: Applicant, proposal: Proposal, advice: tuple[Advice, ...], stamp: Stamp
) -> OpeningApplication:
    """A new application.

    Raises:
        StatementsMissing
    """
    proposal.check()
    revision = Revision(1, proposal, advice, "", stamp.by, stamp.at)
    first = Turn("submitted", 1, "", stamp.by, stamp.at)
    return OpeningApplication(
        application_id, applicant.unit_id, applicant.unit_path, "submitted", (revision,), (first,)
    )


def _require_text(text: str) -> None:
    if not text.strip():
        raise TextMissing
