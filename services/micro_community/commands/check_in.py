"""A member checks in (签到), once a day in Shanghai's time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.micro_community import CheckedIn
from services.micro_community.domain.growth import check_in_id_of, day_before, day_of
from services.micro_community.ports import Members, Records


@dataclass(frozen=True)
class CheckIn:
    account_id: str
    member_id: str


async def check_in(command: CheckIn, *, members: Members, records: Records, now: datetime) -> tuple[str, int]:
    """The day, and how many days in a row. Once more on the same day changes nothing.

    Raises:
        MemberGone, Banned
    """
    member = await members.writing(command.account_id, command.member_id)
    member.require_not_banned()
    before = check_in_id_of(member.member_id, member.membership, day_before(now))
    yesterday = await records.find("check_ins", before)
    streak = (yesterday["streak"] if yesterday else 0) + 1
    day = day_of(now)
    check_in_id = check_in_id_of(member.member_id, member.membership, day)
    fields = {"account_id": command.account_id, "member_id": command.member_id, "day": day, "streak": streak}
    event = CheckedIn(check_in_id=check_in_id, made_at=now, **fields)
    stored = await records.add("check_ins", {"_id": check_in_id, **fields, "at": now}, event, now=now)
    return day, stored["streak"]
