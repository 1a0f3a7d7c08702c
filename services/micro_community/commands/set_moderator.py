"""The account's operators choose moderators among the members."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit.ids import new_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.domain.member import MODERATOR
from services.micro_community.domain.moderation import Act, Deed, Moderator
from services.micro_community.ports import Bench


@dataclass(frozen=True)
class SetModerator:
    account_id: str
    by: Moderator
    member_id: str
    on: bool


async def set_moderator(tx: Tx, command: SetModerator, *, bench: Bench) -> None:
    """Raises:
    NotFound
    """
    member = await bench.members.in_transaction(tx, command.member_id)
    if member is None or member.account_id != command.account_id or member.joined_at is None:
        raise NotFound
    others = tuple(role for role in member.roles if role != MODERATOR)
    await bench.members.put(tx, replace(member, roles=(*others, MODERATOR) if command.on else others))
    deed: Deed = "role_granted" if command.on else "role_revoked"
    act = Act(new_id(), command.account_id, command.by, deed, "member", command.member_id, MODERATOR, tx.now)
    await bench.acts.log(tx, act)
