"""A member leaves: nothing is attributed to them any more at once, and what they wrote is erased soon after."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.micro_community.commands.leaving import let_go
from services.micro_community.domain.member import MemberGone
from services.micro_community.ports import Members


@dataclass(frozen=True)
class LeaveCommunity:
    account_id: str
    member_id: str


async def leave_community(tx: Tx, command: LeaveCommunity, *, members: Members) -> None:
    """Raises:
    MemberGone
    """
    member = await members.in_transaction(tx, command.member_id)
    if member is None or member.account_id != command.account_id or member.joined_at is None or member.left_at:
        raise MemberGone
    await let_go(tx, member, members)
