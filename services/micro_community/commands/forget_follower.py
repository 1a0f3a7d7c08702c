"""A follower withdrew the authorisation: whoever has joined leaves, of others the profile is forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.micro_community.commands.leaving import let_go
from services.micro_community.domain.member import member_id_of
from services.micro_community.ports import Members


@dataclass(frozen=True)
class ForgetFollower:
    """WeChat reported that the follower withdrew the authorisation."""

    account_id: str
    openid: str


async def forget_follower(tx: Tx, command: ForgetFollower, *, members: Members) -> None:
    """Leaving, for whoever has joined; for others there is nothing but the profile to forget."""
    member = await members.in_transaction(tx, member_id_of(command.account_id, command.openid))
    if member is None:
        return
    if member.joined_at is None or member.left_at is not None:
        await members.put(tx, member.without_profile())
        return
    await let_go(tx, member, members)
