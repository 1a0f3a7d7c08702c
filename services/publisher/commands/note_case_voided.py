"""The case that approved an issue no longer stands."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.review import CaseVoided
from kit.transaction import Tx
from services.publisher.commands.stopping import stopped
from services.publisher.domain.issue import Setback
from services.publisher.domain.permit import PermitVoided
from services.publisher.ports import Records


@dataclass(frozen=True)
class NoteCaseVoided:
    voided: CaseVoided


async def note_case_voided(tx: Tx, command: NoteCaseVoided, *, records: Records) -> None:
    """The issue stands as not approved; an order that was made of it and has not begun to send is stopped."""
    voided = command.voided
    issue = await records.issues.get(tx, voided.subject_id)
    if issue is None or issue.decision is None or issue.decision.case_id != voided.case_id:
        return
    ordered, before = issue.mass_send_id, issue.state
    issue.approval_voided(issue.decision.digest, Setback(PermitVoided.code, voided.reason, tx.now))
    if issue.state == before:
        return
    if ordered is not None and not await stopped(tx, ordered, records):
        return
    await records.issues.save(tx, issue)
