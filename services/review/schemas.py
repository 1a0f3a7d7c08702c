"""HTTP bodies of review."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
StateName = Literal["open", "unroutable", "approved", "rejected", "returned", "voided"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    digest: Digest
    """Of the payload that the caller saw."""
    step: int | None = Field(default=None, ge=1)
    """The step that the caller means, from 1; None: whichever is the current one."""


class ApproveBody(_Body):
    """An approval."""

    comment: str = Field(default="", max_length=2000)


class TurnDownBody(_Body):
    """A rejection or a return."""

    reason: Reason


class PersonView(BaseModel):
    """Somebody, by the name that registry last told."""

    person_id: str
    display_name: str


class SignatureView(PersonView):
    """One approval of one step."""

    capacity: str
    signed_at: datetime
    comment: str


class StepView(BaseModel):
    """One step of the filed process, as far as it has come."""

    number: int
    name: str
    mode: Literal["all_of", "any_of"]
    state: Literal["done", "current", "later"]
    waiting_for: list[PersonView]
    excluded: list[PersonView]
    """Named by the process, but not allowed to sign here: a hand in the content, or no role any more."""
    signatures: list[SignatureView]


class ProcessView(BaseModel):
    """The filed process that the case follows."""

    process_id: str
    process_version: int
    filing_number: str


class PermitView(BaseModel):
    """The permit of the case; the token itself is publisher's."""

    permit_id: str
    state: Literal["granted", "voided"]
    not_before: datetime
    not_after: datetime
    void_reason: str


class CaseSummary(BaseModel):
    """A row of a list."""

    case_id: str
    act: str
    account_id: str
    unit_path: str
    subject_id: str
    revision: int
    digest: str
    title: str
    send_at: datetime | None
    mandate_id: str | None
    state: StateName
    reason: str
    reason_code: str
    author: PersonView
    submitted_by: PersonView
    opened_at: datetime
    decided_at: datetime | None
    voided_at: datetime | None
    current_step: int | None
    step_count: int
    waiting_for: list[PersonView]
    waiting_for_me: bool


class CasePage(BaseModel):
    """Cases, the newest first."""

    items: list[CaseSummary]
    next_cursor: str | None


class CaseCounts(BaseModel):
    """What an inbox shows before it is opened. States count what the caller may see."""

    waiting_for_me: int
    oldest_waiting_since: datetime | None
    states: dict[StateName, int]


class HistoryView(BaseModel):
    """One act on the case, from the audit chain."""

    sequence: int
    at: datetime
    kind: str
    actor: PersonView | None
    details: dict[str, Any]


class EarlierCase(BaseModel):
    """Another round of the same subject."""

    case_id: str
    revision: int
    state: StateName
    reason: str
    opened_at: datetime


class CaseView(CaseSummary):
    """All that a decision rests on."""

    last_editor: PersonView
    decided_by: PersonView | None
    process: ProcessView | None
    steps: list[StepView]
    payload: dict[str, Any]
    """The exact payload: what is approved, and what would be executed."""
    payload_intact: bool
    """False: the stored payload does not have the digest; nothing can be approved."""
    permit: PermitView | None
    history: list[HistoryView]
    other_rounds: list[EarlierCase]


class Decision(BaseModel):
    """Where the case stands after the caller's word."""

    case_id: str
    state: StateName
    digest: str
    current_step: int | None
    waiting_for: list[str]
    """Person ids."""
    permit_id: str | None


class AuditEntry(BaseModel):
    """An entry with its place in the chain: `hash` is the SHA-256 of the canonical JSON of
    `{"sequence", "previous", "entry"}`.
    """

    sequence: int
    entry: dict[str, Any]
    actor_name: str | None
    previous: str
    hash: str


class AuditPage(BaseModel):
    """Entries, the newest first."""

    items: list[AuditEntry]
    next_cursor: str | None


class AuditVerification(BaseModel):
    """The chain, recomputed. `head` is worth keeping elsewhere: who holds it sees any later rewriting."""

    holds: bool
    entries: int
    """How many were found good, from the first on."""
    head: str
    broken_at: int | None = None
    """Sequence of the first entry that is wrong."""
    fault: Literal["missing", "changed", "unlinked", "short", "surplus"] | None = None
    text: str
    """For people."""
