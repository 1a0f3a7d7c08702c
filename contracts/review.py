"""Facts that review 审核 publishes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from contracts.envelope import Event
from contracts.permit import Act, Approval

Verdict = Literal["approved", "rejected", "returned"]


class CaseOpened(Event, subject="review.case.opened.v1", key="case_id"):
    """A submission waits for approval by the filed process."""

    case_id: str
    act: Act
    account_id: str
    unit_path: str
    subject_id: str
    digest: str
    process_id: str
    waiting_for: tuple[str, ...]
    """Person ids of the first step."""


class CaseUnroutable(Event, subject="review.case.unroutable.v1", key="case_id"):
    """Nobody can decide: the unit has no filed process, or it names nobody but the author (§4.3)."""

    case_id: str
    act: Act
    account_id: str
    unit_path: str
    subject_id: str
    reason: str
    """For people."""
    reason_code: str = ""
    """Stable, `review.<reason>`."""


class CaseDecided(Event, subject="review.case.decided.v1", key="case_id"):
    """The last word of a case."""

    case_id: str
    act: Act
    account_id: str
    subject_id: str
    digest: str
    verdict: Verdict
    reason: str
    reason_code: str = ""
    """Stable; `review.payload_…` when review refused the submission itself and no person decided."""
    approvals: tuple[Approval, ...]


class CaseVoided(Event, subject="review.case.voided.v1", key="case_id"):
    """The payload changed or was withdrawn; the case, decided or not, no longer stands."""

    case_id: str
    subject_id: str
    reason: str
    reason_code: str = ""


class PermitGranted(Event, subject="review.permit.granted.v1", key="permit_id"):
    """Review allows one act. `token` is the signed permit, see `contracts.permit`."""

    permit_id: str
    case_id: str
    act: Act
    account_id: str
    subject_id: str
    digest: str
    token: str
    """JWS in compact form."""
    not_before: datetime
    not_after: datetime


class PermitVoided(Event, subject="review.permit.voided.v1", key="permit_id"):
    """The permit must not be used any more."""

    permit_id: str
    case_id: str
    subject_id: str
    reason: str
    reason_code: str = ""
