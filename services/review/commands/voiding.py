"""A step that several commands share: a case, and the permit that rests on it, no longer stand."""

from __future__ import annotations

from contracts.review import CaseVoided, PermitVoided
from kit.transaction import Tx
from services.review.domain.audit import entry_of
from services.review.domain.case import Case
from services.review.domain.submission import Fault
from services.review.ports import Records


async def void(tx: Tx, case: Case, why: Fault, *, actor_id: str, records: Records) -> None:
    """Void the case and its permit, if they stand."""
    if not case.void(why.text, why.code, tx.now):
        return
    subject_id = case.submission.subject_id
    await records.cases.save(tx, case)
    tx.emit(CaseVoided(case_id=case.case_id, subject_id=subject_id, reason=why.text, reason_code=why.code))
    entries = [entry_of(case, "voided", tx.now, actor_id=actor_id, reason_code=why.code)]
    if case.permit_id is not None:
        permit = await records.permits.load(tx, case.permit_id)
        if permit.void(why.text, tx.now):
            await records.permits.save(tx, permit)
            tx.emit(
                PermitVoided(
                    permit_id=permit.permit_id,
                    case_id=case.case_id,
                    subject_id=subject_id,
                    reason=why.text,
                    reason_code=why.code,
                )
            )
            entries.append(entry_of(case, "permit_voided", tx.now, actor_id=actor_id, permit_id=permit.permit_id))
    await records.trail.append(tx, entries)
