"""Steps that several commands share: put a case on its route, and tell of it."""

from __future__ import annotations

from contracts.review import CaseOpened, CaseUnroutable
from kit.transaction import Tx
from services.review.domain.audit import entry_of
from services.review.domain.case import Case, State
from services.review.domain.people import People
from services.review.domain.routing import Process
from services.review.ports import Records


async def people_of(tx: Tx, process: Process | None, records: Records) -> People:
    """Everybody whom the process names."""
    named = {person for step in process.steps for person in step.person_ids} if process else set()
    return await records.staff.hold(tx, named)


async def announce_route(tx: Tx, case: Case, records: Records) -> None:
    """Tell for whom the case waits, or that it has no route."""
    about = case.submission
    if case.state is State.OPEN:
        assert case.process is not None
        tx.emit(
            CaseOpened(
                case_id=case.case_id,
                act=about.act,
                account_id=about.account_id,
                unit_path=about.unit_path,
                subject_id=about.subject_id,
                digest=about.digest,
                process_id=case.process.process_id,
                waiting_for=case.waiting_for,
            )
        )
        policy = case.process.policy_version
        entry = entry_of(case, "routed", tx.now, process_id=case.process.process_id, policy_version=policy)
    else:
        tx.emit(
            CaseUnroutable(
                case_id=case.case_id,
                act=about.act,
                account_id=about.account_id,
                unit_path=about.unit_path,
                subject_id=about.subject_id,
                reason=case.reason,
                reason_code=case.reason_code,
            )
        )
        entry = entry_of(case, "unroutable", tx.now, reason_code=case.reason_code)
    await records.trail.append(tx, [entry])


async def route_again(tx: Tx, process: Process, records: Records) -> None:
    """Try the unit's cases without a route, since what they lacked may have come."""
    for case in await records.cases.unroutable_of(tx, process.unit_path):
        if case.send_along(process, await people_of(tx, process, records)):
            await records.cases.save(tx, case)
            await announce_route(tx, case, records)
