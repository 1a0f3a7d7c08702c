"""Opening applications (§4.2)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller, PageQuery
from services.registry.api.callers import Caller, Parts, UnitPathQuery, seen_paths
from services.registry.commands.approve_opening_application import (
    ApproveOpeningApplication,
    approve_opening_application,
)
from services.registry.commands.register_approved_account import (
    RegisterApprovedAccount,
    Registers,
    register_approved_account,
)
from services.registry.commands.reject_opening_application import RejectOpeningApplication, reject_opening_application
from services.registry.commands.return_opening_application import ReturnOpeningApplication, return_opening_application
from services.registry.commands.revise_opening_application import ReviseOpeningApplication, revise_opening_application
from services.registry.commands.submit_opening_application import SubmitOpeningApplication, submit_opening_application
from services.registry.domain.opening import Proposal, State, Statements
from services.registry.queries import opening as queries
from services.registry.schemas.fields import PROBLEMS
from services.registry.schemas.requests import (
    ApproveOpeningBody,
    ProposalBody,
    RegisterAccountBody,
    RejectOpeningBody,
    ReturnOpeningBody,
    ReviseOpeningBody,
    SubmitOpeningBody,
)
from services.registry.schemas.responses import (
    AccountRegistered,
    Listing,
    OpeningChanged,
    OpeningSummary,
    OpeningView,
)

router = Routes(prefix="/opening-applications", tags=["opening applications"], responses=PROBLEMS)


@router.post("", response_model=OpeningChanged, status_code=201)
async def post_application(body: SubmitOpeningBody, actor: Caller, once: OncePerCaller, deps: Parts) -> dict[str, Any]:
    """Submit an application. By a head or operator of the unit."""
    command = SubmitOpeningApplication(actor, body.unit_path, _proposal(body))
    registers = deps.registers

    async def work(tx: Tx) -> dict[str, Any]:
        return await submit_opening_application(
            tx, command, applications=registers.applications, units=registers.units, rules=registers.rules
        )

    return await deps.store.transact(work, once=once)


@router.get("", response_model=Listing[OpeningSummary])
async def get_applications(
    actor: Caller,
    page: PageQuery,
    deps: Parts,
    unit_path: UnitPathQuery = None,
    state: Annotated[State | None, Query()] = None,
) -> Listing[OpeningSummary]:
    """Applications that the caller may see, the newest first."""
    return await queries.list_applications(deps.database, seen_paths(actor, unit_path), page, state=state)


@router.get("/{application_id}", response_model=OpeningView)
async def get_application(application_id: str, actor: Caller, deps: Parts) -> OpeningView:
    """One application: every revision, and everything that was said about it."""
    return await queries.show_application(deps.database, seen_paths(actor), application_id)


@router.put("/{application_id}", response_model=OpeningChanged)
async def put_application(
    application_id: str, body: ReviseOpeningBody, actor: Caller, once: OncePerCaller, deps: Parts
) -> dict[str, Any]:
    """Submit a returned application again. By a head or operator of the unit."""
    command = ReviseOpeningApplication(actor, application_id, _proposal(body), body.answer)
    registers = deps.registers

    async def work(tx: Tx) -> dict[str, Any]:
        return await revise_opening_application(
            tx, command, applications=registers.applications, units=registers.units, rules=registers.rules
        )

    return await deps.store.transact(work, once=once)


@router.post("/{application_id}/return", response_model=OpeningChanged)
async def post_return(
    application_id: str, body: ReturnOpeningBody, actor: Caller, once: OncePerCaller, deps: Parts
) -> dict[str, Any]:
    """Give feedback and ask for changes. By the communications office."""
    command = ReturnOpeningApplication(actor, application_id, body.feedback, body.revision)

    async def work(tx: Tx) -> dict[str, Any]:
        return await return_opening_application(tx, command, applications=deps.registers.applications)

    return await deps.store.transact(work, once=once)


@router.post("/{application_id}/approve", response_model=OpeningChanged)
async def post_approve(
    application_id: str,
    actor: Caller,
    once: OncePerCaller,
    deps: Parts,
    body: ApproveOpeningBody | None = None,
) -> dict[str, Any]:
    """Agree to the account. By the communications office."""
    said = body or ApproveOpeningBody()
    command = ApproveOpeningApplication(actor, application_id, said.comment, said.revision)

    async def work(tx: Tx) -> dict[str, Any]:
        return await approve_opening_application(tx, command, applications=deps.registers.applications)

    return await deps.store.transact(work, once=once)


@router.post("/{application_id}/reject", response_model=OpeningChanged)
async def post_reject(
    application_id: str, body: RejectOpeningBody, actor: Caller, once: OncePerCaller, deps: Parts
) -> dict[str, Any]:
    """Refuse the account, with a reason. By the communications office."""
    command = RejectOpeningApplication(actor, application_id, body.reason, body.revision)

    async def work(tx: Tx) -> dict[str, Any]:
        return await reject_opening_application(tx, command, applications=deps.registers.applications)

    return await deps.store.transact(work, once=once)


@router.post("/{application_id}/register", response_model=AccountRegistered, status_code=201)
async def post_register(
    application_id: str, body: RegisterAccountBody, actor: Caller, once: OncePerCaller, deps: Parts
) -> dict[str, Any]:
    """Enter the approved account in the ledger; its filing gets a number (§4.1)."""
    command = RegisterApprovedAccount(actor, application_id, body.original_id, body.verified)
    all_of_them = deps.registers
    registers = Registers(all_of_them.applications, all_of_them.ledger, all_of_them.filings, all_of_them.findings)

    async def work(tx: Tx) -> dict[str, Any]:
        return await register_approved_account(tx, command, registers=registers)

    return await deps.store.transact(work, once=once)


def _proposal(body: ProposalBody) -> Proposal:
    return Proposal(
        account_name=body.account_name,
        kind=body.kind,
        intro=body.intro,
        is_group_account=body.is_group_account,
        statements=Statements(**body.statements.model_dump()),
    )
