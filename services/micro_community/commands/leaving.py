"""A step that several commands share: a member is no member any more."""

from __future__ import annotations

from dataclasses import replace

from contracts.micro_community import MemberLeft
from kit.transaction import Tx
from services.micro_community.domain.member import Member
from services.micro_community.ports import Members


async def let_go(tx: Tx, member: Member, members: Members) -> None:
    """They are gone from now on; what they wrote is erased soon after."""
    # A mute or ban outlives the membership: leaving and coming back is no way around it.
    left = replace(
        member.without_profile(),
        openid=f"left:{member.member_id}",
        roles=(),
        left_at=tx.now,
        erase_until=tx.now,
    )
    await members.put(tx, left)
    tx.emit(MemberLeft(member_id=member.member_id, account_id=member.account_id, left_at=tx.now))
