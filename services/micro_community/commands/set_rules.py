"""The account's operators set the rules of its community."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit.ids import new_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.domain.moderation import Act, Moderator
from services.micro_community.domain.rules import Rules
from services.micro_community.ports import Bench


@dataclass(frozen=True)
class SetRules:
    account_id: str
    by: Moderator
    rules: Rules


async def set_rules(tx: Tx, command: SetRules, *, bench: Bench) -> None:
    """Raises:
    NotFound
    """
    community = await bench.communities.in_transaction(tx, command.account_id)
    if community is None:
        raise NotFound
    await bench.communities.put(tx, replace(community, rules=command.rules))
    act = Act(new_id(), command.account_id, command.by, "rules_set", "community", command.account_id, "", tx.now)
    await bench.acts.log(tx, act)
