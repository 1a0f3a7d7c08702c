"""A responsible person approves what he or she saw; the last approval grants the permit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from contracts.review import CaseDecided, PermitGranted
from kit.ids import new_id
from kit.transaction import Tx
from services.review.commands.deciding import decider, signed_entry, visible_case
from services.review.domain.audit import entry_of
from services.review.domain.case import Case, State, Word
from services.review.domain.people import Viewer
from services.review.domain.permit import Permit, approvals_of, claims_of, permit_of, window_of
from services.review.domain.refusals import PayloadCorrupt
from services.review.domain.submission import digest_of_text
from services.review.ports import Records, Seal


@dataclass(frozen=True)
class ApproveCase:
    """Who approves what."""

    case_id: str
    viewer: Viewer
    word: Word


async def approve_case(tx: Tx, command: ApproveCase, *, records: Records, seal: Seal, lasts: timedelta) -> Case:
    """Sign the current step of the case.

    Raises:
        NotFound: there is no such case for the caller.
        PayloadCorrupt: the stored payload is not the one that the digest is of.
        the refusals of `Case.approve`
    """
    case = await visible_case(tx, command.case_id, command.viewer, records)
    by = await decider(tx, command.viewer.person_id, records)
    signature = case.approve(by, command.word, tx.now)
    if digest_of_text(await records.cases.payload(tx, case.case_id)) != case.submission.digest:
        raise PayloadCorrupt(case_id=case.case_id)
    entries = [signed_entry(case, "approved", signature)]
    if case.state is State.APPROVED:
        permit = await _grant(tx, case, records=records, seal=seal, lasts=lasts)
        entries.append(entry_of(case, "permit_granted", tx.now, actor_id=by.person_id, permit_id=permit.permit_id))
    await records.cases.save(tx, case)
    await records.trail.append(tx, entries)
    return case


async def _grant(tx: Tx, case: Case, *, records: Records, seal: Seal, lasts: timedelta) -> Permit:
    window = window_of(case, tx.now, lasts)
    claims = claims_of(case, new_id(), window)
    permit = permit_of(case, claims, seal.sign(claims), window, tx.now)
    case.permit_id = permit.permit_id
    await records.permits.add(tx, permit)
    shared = {"case_id": case.case_id, "act": permit.act, "account_id": permit.account_id}
    shared |= {"subject_id": permit.subject_id, "digest": permit.digest}
    tx.emit(CaseDecided(**shared, verdict="approved", reason="", reason_code="", approvals=approvals_of(case)))
    tx.emit(
        PermitGranted(
            **shared,
            permit_id=permit.permit_id,
            token=permit.token,
            not_before=permit.not_before,
            not_after=permit.not_after,
        )
    )
    return permit
