"""/accounts: what publisher knows of the accounts and of their connection."""

from __future__ import annotations

from kit.refusal import NotFound
from kit.routes import Routes
from kit.web import PageQuery, Person
from services.publisher.api.parts import ACCOUNT_READERS, PROBLEMS, Deps, equal, require_visible
from services.publisher.queries import Listing
from services.publisher.schemas import AccountDetail, Accounts

router = Routes(prefix="/accounts", tags=["公众号"], responses=PROBLEMS)


@router.get("", summary="公众号列表")
async def list_accounts(deps: Deps, who: Person, page: PageQuery, is_group_account: bool | None = None) -> Accounts:
    """The accounts at and below the caller's units."""
    wanted = equal(is_group_account=is_group_account)
    return await deps.queries.accounts(Listing(who.paths(*ACCOUNT_READERS), wanted, page))


@router.get("/{account_id}", summary="公众号的接入状态")
async def read_account(account_id: str, deps: Deps, who: Person) -> AccountDetail:
    """One account, with the live menu as it was when the account was taken into service."""
    await require_visible(deps, who, "accounts", account_id)
    found = await deps.queries.account(account_id)
    if found is None:
        raise NotFound
    return found
