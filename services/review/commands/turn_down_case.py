"""A responsible person rejects a case, or returns it for changes."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.review import CaseDecided
from kit.transaction import Tx
from services.review.commands.deciding import decider, signed_entry, visible_case
from services.review.domain.case import Case, Turn, Word
from services.review.domain.people import Viewer
from services.review.domain.permit import approvals_of
from services.review.ports import Records


@dataclass(frozen=True)
class TurnDownCase:
    """Who turns down what, and why (`word.text`)."""

    case_id: str
    viewer: Viewer
    word: Word
    verdict: Turn


async def turn_down_case(tx: Tx, command: TurnDownCase, *, records: Records) -> Case:
    """End the case without a permit.

    Raises:
        NotFound: there is no such case for the caller.
        the refusals of `Case.turn_down`
    """
    case = await visible_case(tx, command.case_id, command.viewer, records)
    by = await decider(tx, command.viewer.person_id, records)
    signature = case.turn_down(by, command.word, command.verdict, tx.now)
    await records.cases.save(tx, case)
    about = case.submission
    tx.emit(
        CaseDecided(
            case_id=case.case_id,
            act=about.act,
            account_id=about.account_id,
            subject_id=about.subject_id,
            digest=about.digest,
            verdict=command.verdict,
            reason=case.reason,
            reason_code=case.reason_code,
            approvals=approvals_of(case),
        )
    )
    await records.trail.append(tx, [signed_entry(case, str(case.state), signature)])
    return case
