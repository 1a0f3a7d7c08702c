"""A subject was submitted: open its case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from contracts.review import CaseDecided
from kit.ids import new_id
from kit.transaction import Tx
from services.review.commands.routing import announce_route, people_of
from services.review.commands.voiding import void
from services.review.domain.audit import entry_of
from services.review.domain.case import Case
from services.review.domain.submission import Fault, Submission, read_content
from services.review.ports import Records

SUBMITTED_AGAIN = Fault("review.submitted_again", "该内容已重新送审，以新的审核单为准。")

log = structlog.get_logger("review")


@dataclass(frozen=True)
class OpenCase:
    """What was submitted, with its payload."""

    submission: Submission
    payload: Mapping[str, Any]


async def open_case(tx: Tx, command: OpenCase, *, records: Records) -> str:
    """Open a case and put it on the route of the unit's process; an earlier case of the subject is voided.

    A payload that does not fit its digest, or cannot be shown in full, is rejected at once, by a case that keeps it
    as evidence: an unroutable case would wait for a process, and no process could make such a payload fit.
    """
    submission = command.submission
    earlier = await records.cases.standing(tx, submission.subject_id)
    if earlier is not None:
        await void(tx, earlier, SUBMITTED_AGAIN, actor_id=submission.submitted_by, records=records)
    content = read_content(command.payload, submission)
    case = Case.of(new_id(), submission, content, tx.now)
    if content.fault is None:
        process = await records.processes.hold(tx, submission.unit_path)
        case.send_along(process, await people_of(tx, process, records))
    await records.cases.add(tx, case, content.text)
    opened = entry_of(case, "opened", tx.now, actor_id=submission.submitted_by, revision=submission.revision)
    await records.trail.append(tx, [opened])
    if content.fault is None:
        await announce_route(tx, case, records)
    else:
        await _refuse(tx, case, records)
    return case.case_id


async def _refuse(tx: Tx, case: Case, records: Records) -> None:
    about = case.submission
    log.warning("submission_refused", case_id=case.case_id, subject_id=about.subject_id, code=case.reason_code)
    tx.emit(
        CaseDecided(
            case_id=case.case_id,
            act=about.act,
            account_id=about.account_id,
            subject_id=about.subject_id,
            digest=about.digest,
            verdict="rejected",
            reason=case.reason,
            reason_code=case.reason_code,
            approvals=(),
        )
    )
    await records.trail.append(tx, [entry_of(case, "refused", tx.now, reason_code=case.reason_code)])
