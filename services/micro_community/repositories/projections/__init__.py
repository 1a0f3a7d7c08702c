"""What follows from events, written in the transaction that harvests them: so each counts once."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.micro_community.domain.consequences import Consequences, Happening, Notice, told
from services.micro_community.ports import SearchTokens
from services.micro_community.repositories.projections import counters, deliveries, ledger, lists, search


@dataclass(frozen=True)
class MongoProjections:
    """Stateless: everything happens in the transaction."""

    tokens: SearchTokens

    async def apply(self, tx: Tx, consequences: Consequences) -> None:
        for (member_id, account_id), amount in (await ledger.enter(tx, consequences.points)).items():
            consequences.member(member_id, account_id).points += amount
        await counters.count(tx, consequences)
        for happening in consequences.happenings:
            if happening.kind == "reply.created" and happening.content["reply_id"] in consequences.floors:
                happening.content["floor"] = consequences.floors[happening.content["reply_id"]]
        await search.refresh(tx, consequences.searchable, self.tokens)
        await deliveries.queue(tx, consequences.told)
        followed = await lists.for_followers(tx, consequences.watched)
        await self._tell(tx, [*consequences.notices, *followed], consequences.happenings)

    async def tell_followers(self, tx: Tx) -> str | None:
        found = await lists.next_followers(tx)
        if found is None:
            return None
        account_id, notices = found
        await self._tell(tx, notices, [])
        return account_id

    async def _tell(self, tx: Tx, notices: list[Notice], happenings: list[Happening]) -> None:
        wanted = await lists.wanted(tx, notices)
        await lists.notify(tx, wanted)
        await lists.happen(tx, happenings + [told(notice) for notice in wanted])


__all__ = ["MongoProjections"]
