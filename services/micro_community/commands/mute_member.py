"""A moderator takes a member's word for a time, or for good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from contracts.micro_community import MemberMuted
from kit.transaction import Tx
from services.micro_community.commands.muting import log_about, member_in, require_may_mute
from services.micro_community.domain.moderation import Moderator
from services.micro_community.ports import Bench


@dataclass(frozen=True)
class MuteMember:
    """`lasts` None: for good."""

    account_id: str
    by: Moderator
    member_id: str
    lasts: timedelta | None
    reason: str


async def mute_member(tx: Tx, command: MuteMember, *, bench: Bench) -> None:
    """A later mute replaces an earlier one.

    Raises:
        NotFound, MutesModerator
    """
    member = await member_in(tx, command.account_id, command.member_id, bench)
    require_may_mute(command.by, member)
    until = tx.now + command.lasts if command.lasts else None
    muted = replace(member, muted_until=until, banned_at=None if until else tx.now, mute_reason=command.reason or None)
    await bench.members.put(tx, muted)
    tx.emit(
        MemberMuted(
            member_id=member.member_id,
            account_id=member.account_id,
            until=until,
            reason=command.reason,
            muted_at=tx.now,
        )
    )
    await log_about(tx, command.account_id, command.by, ("muted" if until else "banned", member, command.reason), bench)
