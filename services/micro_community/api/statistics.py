"""Statistics, and what they are made of."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request

from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller
from services.micro_community.api.guards import PROBLEMS, Access, AccountId, Deps, Insider, Moderating
from services.micro_community.commands.count_return import MOST_PER_MINUTE, count_return
from services.micro_community.commands.count_share import CountShare, count_share
from services.micro_community.queries import statistics
from services.micro_community.schemas.common import Done
from services.micro_community.schemas.statistics import Share, StatisticsView

router = Routes(tags=["statistics"], responses=PROBLEMS)


@router.get("/{account_id}/statistics")
async def get_statistics(
    account_id: AccountId, _: Moderating, deps: Deps, days: Annotated[int, Query(ge=1, le=366)] = 30
) -> StatisticsView:
    """Members, active members, posts, replies, shares and returns, day by day."""
    return await statistics.statistics(deps.database, account_id, deps.clock.now(), days=days)


@router.post("/{account_id}/shares", status_code=201)
async def share(account_id: AccountId, body: Share, member: Insider, once: OncePerCaller, deps: Deps) -> Done:
    """The caller began to share, as far as the page knows; nothing is given for it, as WeChat's rules ask."""
    command = CountShare(account_id, member.subject, body.post_id, body.channel)

    async def work(tx: Tx) -> dict[str, bool]:
        await count_share(tx, command, visits=deps.repos.visits, posts=deps.repos.posts)
        return {}

    await deps.store.transact(work, once=once)
    return Done()


@router.post("/{account_id}/returns", status_code=201)
async def come_back(request: Request, account_id: AccountId, _: Access, once: OncePerCaller, deps: Deps) -> Done:
    """Somebody came by a shared link."""
    deps.paces.admit(f"return {request.client.host if request.client else ''}", per_minute=MOST_PER_MINUTE)

    async def work(tx: Tx) -> dict[str, bool]:
        await count_return(tx, account_id, visits=deps.repos.visits)
        return {}

    await deps.store.transact(work, once=once)
    return Done()
