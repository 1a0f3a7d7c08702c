"""A member leaves: nothing is attributed to them any more at once, and what they wrote is erased soon after."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contracts.micro_community import MemberLeft
from kit.transaction import Tx
from services.micro_community.domain.member import Member, MemberGone
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


async def let_go(tx: Tx, member: Member, members: Members) -> None:
    # A mute or ban outlives the membership: leaving and coming back is no way around it.
    left = replace(
        member.without_profile(),
        openid=f"left:{member.member_id}",
        follows_account=None,
        roles=(),
        left_at=tx.now,
        erase_until=tx.now,
    )
    await members.put(tx, left)
    tx.emit(MemberLeft(member_id=member.member_id, account_id=member.account_id, left_at=tx.now))
