"""A moderator gives a member's word back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contracts.micro_community import MemberUnmuted
from kit.transaction import Tx
from services.micro_community.commands.muting import log_about, member_in, require_may_mute
from services.micro_community.domain.moderation import Moderator
from services.micro_community.ports import Bench


@dataclass(frozen=True)
class UnmuteMember:
    account_id: str
    by: Moderator
    member_id: str


async def unmute_member(tx: Tx, command: UnmuteMember, *, bench: Bench) -> None:
    """Raises:
    NotFound, MutesModerator: who may not mute somebody may not undo it either, least of all for themselves.
    """
    member = await member_in(tx, command.account_id, command.member_id, bench)
    require_may_mute(command.by, member)
    await bench.members.put(tx, replace(member, muted_until=None, banned_at=None, mute_reason=None))
    tx.emit(MemberUnmuted(member_id=member.member_id, account_id=member.account_id, unmuted_at=tx.now))
    await log_about(tx, command.account_id, command.by, ("unmuted", member, ""), bench)
