"""Review decided on an issue."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.review import CaseDecided
from kit.transaction import Tx
from services.publisher.domain.issue import Decision
from services.publisher.domain.permit import MASS_SEND
from services.publisher.ports import Records


@dataclass(frozen=True)
class NoteVerdict:
    decided: CaseDecided


async def note_verdict(tx: Tx, command: NoteVerdict, *, records: Records) -> None:
    """Show on the issue what was decided."""
    decided = command.decided
    issue = await records.issues.get(tx, decided.subject_id) if decided.act == MASS_SEND else None
    if issue is None:
        return
    decision = Decision(decided.case_id, decided.verdict, decided.digest, decided.reason, decided.approvals, tx.now)
    if issue.decided(decision):
        await records.issues.save(tx, issue)
