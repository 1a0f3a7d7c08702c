"""A follower, known through WeChat, enters the community."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contracts.micro_community import MemberJoined
from kit.transaction import Tx
from services.micro_community.domain.member import Member, member_id_of
from services.micro_community.ports import Members


@dataclass(frozen=True)
class EnterCommunity:
    account_id: str
    openid: str
    unionid: str | None
    nickname: str | None
    avatar_url: str | None


async def enter_community(tx: Tx, command: EnterCommunity, *, members: Members) -> tuple[Member, bool]:
    """Make or refresh the member: one per account and openid. True: who was here before is shown otherwise now."""
    member_id = member_id_of(command.account_id, command.openid)
    known = await members.in_transaction(tx, member_id)
    # Who left and comes back begins anew; what was written before is still being erased.
    member = replace(known, openid=command.openid) if known else Member(member_id, command.account_id, command.openid)
    if member.left_at is not None:
        member = replace(member, left_at=None, joined_at=None, membership=member.membership + 1)
    member = member.with_profile(command.nickname, command.avatar_url, command.unionid)
    if member.joined_at is None:
        member = replace(member, joined_at=tx.now)
        tx.emit(MemberJoined(member_id=member_id, account_id=command.account_id, joined_at=tx.now))
    await members.put(tx, member)
    before = known if known and known.joined_at else None
    return member, before is not None and not member.looks_like(before)
