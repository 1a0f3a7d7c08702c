"""Steps that muting and unmuting share: the member it is about, who may do it, and the log of acts."""

from __future__ import annotations

from kit.ids import new_id
from kit.refusal import NotFound, Refusal
from kit.transaction import Tx
from services.micro_community.domain.member import MODERATOR, Member
from services.micro_community.domain.moderation import Act, Deed, Moderator
from services.micro_community.ports import Bench


class MutesModerator(Refusal):
    """A moderator among the members can be muted, and unmuted, only by a person of the group."""

    code = "micro_community.mutes_moderator"
    status = 403
    text = "版主不能禁言版主，也不能解除版主的禁言，请联系公众号运营人员。"


async def member_in(tx: Tx, account_id: str, member_id: str, bench: Bench) -> Member:
    member = await bench.members.in_transaction(tx, member_id)
    if member is None or member.account_id != account_id:
        raise NotFound
    return member


def require_may_mute(by: Moderator, member: Member) -> None:
    """Raises:
    MutesModerator
    """
    if MODERATOR in member.roles and by.kind == "member":
        raise MutesModerator


async def log_about(tx: Tx, account_id: str, by: Moderator, what: tuple[Deed, Member, str], bench: Bench) -> None:
    deed, member, reason = what
    await bench.acts.log(tx, Act(new_id(), account_id, by, deed, "member", member.member_id, reason, tx.now))
