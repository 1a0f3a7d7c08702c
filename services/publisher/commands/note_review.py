"""What review says of an issue: a verdict, a permit, or that a permit is void."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.review import CaseDecided, CaseVoided, PermitGranted, PermitVoided
from kit.transaction import Tx
from services.publisher.commands.stop_order import stop_order
from services.publisher.domain import permit as permits
from services.publisher.domain.issue import Decision, IssueNotOpen, Setback
from services.publisher.domain.permit import Permit
from services.publisher.ports import Records

MASS_SEND = "mass_send"


@dataclass(frozen=True)
class NotePermit:
    """`trace`: context of the span that brought the permit; the send continues it."""

    granted: PermitGranted
    trace: str | None


async def note_verdict(tx: Tx, decided: CaseDecided, *, records: Records) -> None:
    """Show on the issue what was decided."""
    issue = await records.issues.get(tx, decided.subject_id) if decided.act == MASS_SEND else None
    if issue is None:
        return
    decision = Decision(decided.case_id, decided.verdict, decided.digest, decided.reason, decided.approvals, tx.now)
    if issue.decided(decision):
        await records.issues.save(tx, issue)


async def note_case_voided(tx: Tx, voided: CaseVoided, *, records: Records) -> None:
    """The case that approved the issue no longer stands."""
    issue = await records.issues.get(tx, voided.subject_id)
    if issue is None or issue.decision is None or issue.decision.case_id != voided.case_id:
        return
    ordered, before = issue.mass_send_id, issue.state
    issue.approval_voided(issue.decision.digest, Setback(permits.PermitVoided.code, voided.reason, tx.now))
    if issue.state == before:
        return
    if ordered is not None and not await _stopped(tx, ordered, records):
        return
    await records.issues.save(tx, issue)


async def note_permit(tx: Tx, command: NotePermit, *, records: Records) -> None:
    """Keep the permit. It becomes an order in a transaction of its own, where it is verified."""
    granted = command.granted
    if granted.act != MASS_SEND or await records.permits.get(tx, granted.permit_id) is not None:
        return
    permit = Permit(
        permit_id=granted.permit_id,
        case_id=granted.case_id,
        account_id=granted.account_id,
        subject_id=granted.subject_id,
        digest=granted.digest,
        not_before=granted.not_before,
        not_after=granted.not_after,
        noted_at=tx.now,
        order_at=tx.now,
        token=granted.token,
        trace=command.trace,
    )
    await records.permits.save(tx, permit)


async def void_permit(tx: Tx, voided: PermitVoided, *, records: Records) -> None:
    """Never to be used; an order that was made of it and has not begun to send is stopped."""
    permit = await records.permits.get(tx, voided.permit_id)
    if permit is None:
        # Events of one permit come in order, so it was granted for something that is not ours.
        return
    ordered = permit.mass_send_id
    permit.void(permits.PermitVoided.code)
    await records.permits.save(tx, permit)
    if ordered is not None and not await _stopped(tx, ordered, records):
        return
    issue = await records.issues.get(tx, voided.subject_id)
    if issue is not None:
        issue.approval_voided(permit.digest, Setback(permits.PermitVoided.code, voided.reason, tx.now))
        await records.issues.save(tx, issue)


async def _stopped(tx: Tx, mass_send_id: str, records: Records) -> bool:
    """False: the call may have been made, or the order ended before."""
    try:
        await stop_order(tx, mass_send_id, permits.PermitVoided(), records=records)
    except IssueNotOpen:
        return False
    return True
