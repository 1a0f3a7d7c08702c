"""What follows from events, written in the transaction that harvests them: so each counts once."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.micro_community.domain.consequences import Consequences, told
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
        notices = await lists.wanted(tx, [*consequences.notices, *followed])
        await lists.notify(tx, notices)
        consequences.happenings += [told(notice) for notice in notices]
        await lists.happen(tx, consequences.happenings)


__all__ = ["MongoProjections"]
