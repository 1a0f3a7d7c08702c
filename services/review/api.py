"""HTTP in: cases to read and to decide, and the audit chain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from kit.auth import Principal
from kit.problems import Problem
from kit.refusal import Forbidden
from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller, PageQuery, Person
from services.review.commands.approve_case import ApproveCase, approve_case
from services.review.commands.turn_down_case import TurnDownCase, turn_down_case
from services.review.dependencies import Dependencies
from services.review.domain.case import Case, Turn, Word
from services.review.domain.people import READING_ROLES, Viewer, tidy_path
from services.review.queries import CaseFilter, count_cases, list_audit, list_cases, read_case, verify_audit
from services.review.schemas import (
    ApproveBody,
    AuditPage,
    AuditVerification,
    CaseCounts,
    CasePage,
    CaseView,
    Decision,
    StateName,
    TurnDownBody,
)

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (400, 401, 403, 404, 409, 413, 422, 503)
}
router = Routes(responses=PROBLEMS)


async def _dependencies(request: Request) -> Dependencies:
    found: Dependencies = request.app.state.dependencies
    return found


Deps = Annotated[Dependencies, Depends(_dependencies)]
Name = Annotated[str | None, Query(min_length=1, max_length=64)]


def _viewer(principal: Principal) -> Viewer:
    return Viewer(principal.subject, tuple(tidy_path(path) for path in principal.paths(*READING_ROLES)))


def _auditor_paths(principal: Principal, *roles: str) -> tuple[str, ...]:
    paths = principal.paths(*roles)
    if not paths:
        raise Forbidden(needed=list(roles))
    return tuple(tidy_path(path) for path in paths)


async def _filter(
    waiting_for_me: bool = False, state: StateName | None = None, subject_id: Name = None, account_id: Name = None
) -> CaseFilter:
    return CaseFilter(waiting_for_me, state, subject_id, account_id)


@router.get("/cases")
async def cases(
    deps: Deps, person: Person, page: PageQuery, wanted: Annotated[CaseFilter, Depends(_filter)]
) -> CasePage:
    """Cases that the caller may see, the newest first."""
    return await list_cases(deps.store.database, _viewer(person), wanted, page)


@router.get("/cases/counts")
async def case_counts(deps: Deps, person: Person) -> CaseCounts:
    """The figures of the caller's inbox."""
    return await count_cases(deps.store.database, _viewer(person))


@router.get("/cases/{case_id}")
async def case(case_id: str, deps: Deps, person: Person) -> CaseView:
    """A case with its exact payload."""
    return await read_case(deps.store.database, _viewer(person), case_id)


@router.post("/cases/{case_id}/approve")
async def approve(case_id: str, body: ApproveBody, deps: Deps, person: Person, once: OncePerCaller) -> Decision:
    """Approve what the caller saw; the last approval grants the permit."""
    command = ApproveCase(case_id, _viewer(person), Word(body.digest, body.comment, body.step))

    async def work(tx: Tx) -> dict[str, Any]:
        decided = await approve_case(tx, command, records=deps.records, seal=deps.seal, lasts=deps.permit_lasts)
        return _decision(decided)

    return Decision.model_validate(await deps.store.transact(work, once=once))


@router.post("/cases/{case_id}/reject")
async def reject(case_id: str, body: TurnDownBody, deps: Deps, person: Person, once: OncePerCaller) -> Decision:
    """Refuse it for good."""
    command = _turn_down(case_id, body, person, "rejected")
    return Decision.model_validate(await deps.store.transact(_turning_down(command, deps), once=once))


@router.post("/cases/{case_id}/return")
async def return_case(case_id: str, body: TurnDownBody, deps: Deps, person: Person, once: OncePerCaller) -> Decision:
    """Send it back for changes."""
    command = _turn_down(case_id, body, person, "returned")
    return Decision.model_validate(await deps.store.transact(_turning_down(command, deps), once=once))


def _turn_down(case_id: str, body: TurnDownBody, principal: Principal, verdict: Turn) -> TurnDownCase:
    return TurnDownCase(case_id, _viewer(principal), Word(body.digest, body.reason, body.step), verdict)


def _turning_down(command: TurnDownCase, deps: Dependencies) -> Callable[[Tx], Awaitable[dict[str, Any]]]:
    async def work(tx: Tx) -> dict[str, Any]:
        return _decision(await turn_down_case(tx, command, records=deps.records))

    return work


def _decision(decided: Case) -> dict[str, Any]:
    current = decided.current
    return Decision(
        case_id=decided.case_id,
        state=decided.state.value,
        digest=decided.submission.digest,
        current_step=None if current is None else current + 1,
        waiting_for=list(decided.waiting_for),
        permit_id=decided.permit_id,
    ).model_dump(mode="json")


@router.get("/audit")
async def audit(deps: Deps, person: Person, page: PageQuery, case_id: Name = None) -> AuditPage:
    """The audit chain, the newest entry first, as far as the caller audits."""
    return await list_audit(deps.store.database, _auditor_paths(person, "auditor"), case_id, page)


@router.get("/audit/verification")
async def audit_verification(deps: Deps, person: Person) -> AuditVerification:
    """The whole chain, recomputed now."""
    _auditor_paths(person, "auditor", "engineer")
    return await verify_audit(deps.store.database)
