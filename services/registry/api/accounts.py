"""The ledger of official accounts, custody of their credentials, and findings."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from contracts.registry import WeChatCredentials
from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller, PageQuery
from services.registry.api.callers import Caller, Parts, UnitPathQuery, seen_paths
from services.registry.commands.report_existing_account import (
    Registers,
    ReportExistingAccount,
    report_existing_account,
)
from services.registry.domain.accounts import AccountState
from services.registry.domain.findings import FindingState
from services.registry.domain.words import AccountKind
from services.registry.processes.secrets import Handover, hand_over
from services.registry.queries import accounts as queries
from services.registry.schemas.fields import PROBLEMS
from services.registry.schemas.requests import EntrustCredentialsBody, ReportAccountBody
from services.registry.schemas.responses import (
    AccountRegistered,
    AccountSummary,
    AccountView,
    CredentialsEntrustedView,
    FindingView,
    Listing,
)

router = Routes(tags=["ledger"], responses=PROBLEMS)


@router.post("/official-accounts", response_model=AccountRegistered, status_code=201)
async def post_account(body: ReportAccountBody, actor: Caller, once: OncePerCaller, deps: Parts) -> dict[str, Any]:
    """Report an account that exists already (§4.1). By a head or operator of the unit, or the office."""
    command = ReportExistingAccount(actor=actor, **body.model_dump())
    found = deps.registers
    registers = Registers(found.units, found.rules, found.ledger, found.filings, found.findings)

    async def work(tx: Tx) -> dict[str, Any]:
        return await report_existing_account(tx, command, registers=registers)

    return await deps.store.transact(work, once=once)


@router.get("/official-accounts", response_model=Listing[AccountSummary])
async def get_accounts(
    actor: Caller,
    page: PageQuery,
    deps: Parts,
    unit_path: UnitPathQuery = None,
    state: Annotated[AccountState | None, Query()] = None,
    kind: Annotated[AccountKind | None, Query()] = None,
) -> Listing[AccountSummary]:
    """The ledger, as far as the caller may see it, the newest first."""
    paths = seen_paths(actor, unit_path)
    return await queries.list_accounts(deps.database, paths, page, state=state, kind=kind)


@router.get("/official-accounts/{account_id}", response_model=AccountView)
async def get_account(account_id: str, actor: Caller, deps: Parts) -> AccountView:
    """Everything the ledger knows of an account. Of its credentials: that they are there, and since when."""
    return await queries.show_account(deps.database, seen_paths(actor), account_id)


@router.post("/official-accounts/{account_id}/credentials", response_model=CredentialsEntrustedView, status_code=201)
async def post_credentials(
    account_id: str, body: EntrustCredentialsBody, actor: Caller, once: OncePerCaller, deps: Parts
) -> dict[str, Any]:
    """Hand over the account's credentials (§6.2). By a custodian; they are sealed at once and cannot be read back."""
    credentials = WeChatCredentials(
        app_id=body.app_id,
        app_secret=body.app_secret.get_secret_value(),
        token=body.token.get_secret_value(),
        encoding_aes_key=body.encoding_aes_key.get_secret_value(),
    )
    return await hand_over(deps, Handover(actor, account_id, credentials), once)


@router.get("/findings", response_model=Listing[FindingView])
async def get_findings(
    actor: Caller,
    page: PageQuery,
    deps: Parts,
    unit_path: UnitPathQuery = None,
    state: Annotated[FindingState | None, Query()] = None,
) -> Listing[FindingView]:
    """Where accounts are not as the rules want them, the newest first."""
    return await queries.list_findings(deps.database, seen_paths(actor, unit_path), page, state=state)
