"""What WeChat tells of a follower: followed, unfollowed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit.transaction import Tx
from services.micro_community.domain.member import Member, member_id_of
from services.micro_community.ports import Members


@dataclass(frozen=True)
class NoteFollower:
    account_id: str
    openid: str
    follows: bool


async def note_follower(tx: Tx, command: NoteFollower, *, members: Members) -> None:
    """Following does not make a member: somebody joins by entering the community."""
    member_id = member_id_of(command.account_id, command.openid)
    known = await members.in_transaction(tx, member_id)
    member = known or Member(member_id, command.account_id, command.openid)
    await members.put(tx, replace(member, follows_account=command.follows))
