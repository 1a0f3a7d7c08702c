"""Steps that muting and unmuting share: the member it is about, and the log of acts."""

from __future__ import annotations

from kit.ids import new_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.domain.member import Member
from services.micro_community.domain.moderation import Act, Deed, Moderator
from services.micro_community.ports import Bench


async def member_in(tx: Tx, account_id: str, member_id: str, bench: Bench) -> Member:
    member = await bench.members.in_transaction(tx, member_id)
    if member is None or member.account_id != account_id:
        raise NotFound
    return member


async def log_about(tx: Tx, account_id: str, by: Moderator, what: tuple[Deed, Member, str], bench: Bench) -> None:
    deed, member, reason = what
    await bench.acts.log(tx, Act(new_id(), account_id, by, deed, "member", member.member_id, reason, tx.now))
