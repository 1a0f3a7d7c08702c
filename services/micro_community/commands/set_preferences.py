"""A member says what others see of them, and what they do not want to see."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit.transaction import Tx
from services.micro_community.domain.member import MemberGone
from services.micro_community.domain.moderation import lexicon_for
from services.micro_community.domain.sensitive import SensitiveContent
from services.micro_community.domain.text import clean_line
from services.micro_community.ports import Desk, Notifications

LONGEST_SIGNATURE = 60


@dataclass(frozen=True)
class SetPreferences:
    account_id: str
    member_id: str
    signature: str | None
    blocked_ids: tuple[str, ...]
    muted_words: tuple[str, ...]
    muted_notices: tuple[str, ...]


async def set_preferences(tx: Tx, command: SetPreferences, *, desk: Desk, notifications: Notifications) -> None:
    """Replaces all of them. What somebody who is blocked now has caused, or what has a word in it that is muted now, is
    no longer among the notifications.

    Raises:
        MemberGone, Banned: others would see another signature; TextTooLong, SensitiveContent
    """
    member = await desk.members.in_transaction(tx, command.member_id)
    if member is None or member.account_id != command.account_id or member.left_at is not None:
        raise MemberGone
    signature = clean_line(command.signature, longest=LONGEST_SIGNATURE)
    if signature != member.signature:
        member.require_not_banned()
        signature = await _checked(signature, command.account_id, desk)
    changed = replace(
        member,
        signature=signature,
        blocked_ids=tuple(one for one in dict.fromkeys(command.blocked_ids) if one != command.member_id),
        muted_words=tuple(dict.fromkeys(command.muted_words)),
        muted_notices=tuple(dict.fromkeys(command.muted_notices)),
    )
    await desk.members.put(tx, changed)
    unwanted = (set(changed.blocked_ids) - set(member.blocked_ids), set(changed.muted_words) - set(member.muted_words))
    if any(unwanted):
        await notifications.forget(tx, member.member_id, *(tuple(sorted(one)) for one in unwanted))


async def _checked(signature: str | None, account_id: str, desk: Desk) -> str | None:
    """With the lexicon's stars. Nobody looks a signature over: words that a post would wait for are refused here."""
    if signature is None:
        return None
    community = await desk.communities.of(account_id)
    checked = lexicon_for(await desk.lexicons.of(community.unit_path), community.rules.words).check(signature)
    if checked.held:
        raise SensitiveContent(words=list(checked.held))
    return checked.text
