"""The community itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from contracts.asks import PageUrlSignature, SignPageUrl
from kit.routes import Routes
from services.micro_community.api.guards import PROBLEMS, Access, AccountId, Deps, Reader
from services.micro_community.domain.landing import own_page
from services.micro_community.queries import people
from services.micro_community.schemas.people import CommunityView

router = Routes(tags=["community"], responses=PROBLEMS)


@router.get("/{account_id}")
async def get_community(account_id: AccountId, _: Reader, deps: Deps) -> CommunityView:
    """Name, boards, and whether followers can sign in."""
    return await people.community(deps.database, account_id, deps.settings.wechat_open_url)


@router.get("/{account_id}/page-signature")
async def sign_page(
    account_id: AccountId, _: Access, deps: Deps, url: Annotated[str, Query(max_length=1_000)]
) -> PageUrlSignature:
    """What `wx.config` needs on a page of ours; the signature comes from publisher."""
    question = SignPageUrl(account_id=account_id, url=own_page(url, deps.settings.public_url))
    return await deps.asker.ask(question, PageUrlSignature)
