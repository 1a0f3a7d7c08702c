"""The permit of an approved case: what is signed, for how long it holds, and that it ends with its case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.permit import Act, Approval, PermitClaims
from services.review.domain.case import Case, State


class NotApproved(RuntimeError):
    """A permit was asked for without an approved case: a bug, never an answer to a caller."""


@dataclass
class Permit:
    """One permit. `token` is the signed form of the rest. Granted until `voided_at` is set."""

    permit_id: str
    case_id: str
    act: Act
    account_id: str
    subject_id: str
    digest: str
    not_before: datetime
    not_after: datetime
    token: str
    granted_at: datetime
    voided_at: datetime | None = None
    void_reason: str = ""
    version: int = 0

    def void(self, reason: str, now: datetime) -> bool:
        """Forbid its use. True unless it was void before."""
        if self.voided_at is not None:
            return False
        self.voided_at, self.void_reason = now, reason
        return True


def window_of(case: Case, now: datetime, lasts: timedelta) -> tuple[datetime, datetime]:
    """From the time that was approved, or from now; whole seconds, as a token has no finer ones."""
    begins = max(case.send_at or now, now).replace(microsecond=0)
    return begins, begins + lasts


def approvals_of(case: Case) -> tuple[Approval, ...]:
    """Who signed, in the order of the steps."""
    return tuple(
        Approval(
            person_id=signature.person_id,
            display_name=signature.display_name,
            capacity=signature.capacity,
            decided_at=int(signature.signed_at.timestamp()),
        )
        for signature in case.signatures
    )


def claims_of(case: Case, permit_id: str, window: tuple[datetime, datetime]) -> PermitClaims:
    """What the signature covers.

    Raises:
        NotApproved
    """
    if case.state is not State.APPROVED or case.process is None or not all(step.done for step in case.steps):
        raise NotApproved(case.case_id)
    submission = case.submission
    return PermitClaims(
        jti=permit_id,
        act=submission.act,
        account_id=submission.account_id,
        subject_id=submission.subject_id,
        digest=submission.digest,
        nbf=int(window[0].timestamp()),
        exp=int(window[1].timestamp()),
        case_id=case.case_id,
        policy_version=case.process.policy_version,
        approvals=approvals_of(case),
    )


def permit_of(case: Case, claims: PermitClaims, token: str, window: tuple[datetime, datetime], now: datetime) -> Permit:
    """The permit of the claims that were signed."""
    return Permit(
        permit_id=claims.jti,
        case_id=case.case_id,
        act=claims.act,
        account_id=claims.account_id,
        subject_id=claims.subject_id,
        digest=claims.digest,
        not_before=window[0],
        not_after=window[1],
        token=token,
        granted_at=now,
    )
