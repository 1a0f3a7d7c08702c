"""Opening applications."""

from __future__ import annotations

from datetime import datetime

from services.registry.domain.opening import State
from services.registry.domain.words import AccountKind
from services.registry.schemas.responses.shared import Answer


class AdviceView(Answer):
    rule_id: str
    rule: str
    clause: str
    text: str


class StatementsView(Answer):
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


class ProposalView(Answer):
    account_name: str
    kind: AccountKind
    intro: str
    is_group_account: bool
    statements: StatementsView


class RevisionView(Answer):
    number: int
    proposal: ProposalView
    advice: tuple[AdviceView, ...]
    answer: str
    submitted_by: str
    submitted_at: datetime


class TurnView(Answer):
    state: State
    revision: int
    text: str
    by: str
    at: datetime


class OpeningSummary(Answer):
    application_id: str
    unit_path: str
    state: State
    revision: int
    account_name: str
    kind: AccountKind
    account_id: str | None
    submitted_at: datetime
    changed_at: datetime


class OpeningView(OpeningSummary):
    """The whole application: every revision, and everything that was said about it."""

    proposal: ProposalView
    advice: tuple[AdviceView, ...]
    revisions: tuple[RevisionView, ...]
    history: tuple[TurnView, ...]


class OpeningChanged(Answer):
    """Where the application stands now."""

    application_id: str
    state: State
    revision: int
    advice: tuple[AdviceView, ...] = ()
