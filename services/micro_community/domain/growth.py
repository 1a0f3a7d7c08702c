"""What grows with taking part: levels, badges, streaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
"""China has kept one time without summer time since 1991."""
LEVELS = (0, 20, 60, 150, 300, 600, 1_200, 2_400, 4_800, 9_600)


@dataclass(frozen=True)
class Badge:
    """徽章: held by whoever has `least` of what is counted."""

    badge_id: str
    name: str
    counted: str
    least: int


BADGES = (
    Badge("first_post", "初来乍到", "posts", 1),
    Badge("ten_posts", "笔耕不辍", "posts", 10),
    Badge("ten_replies", "热心回应", "replies", 10),
    Badge("hundred_replies", "有问必答", "replies", 100),
    Badge("ten_likes", "小有人气", "likes_received", 10),
    Badge("hundred_likes", "人气之星", "likes_received", 100),
    Badge("week_streak", "七日不辍", "best_streak", 7),
    Badge("month_streak", "月月坚持", "best_streak", 30),
)


def day_of(instant: datetime) -> str:
    """The date in Shanghai."""
    return instant.astimezone(SHANGHAI).date().isoformat()


def day_before(instant: datetime) -> str:
    return day_of(instant - timedelta(days=1))


def check_in_id_of(member_id: str, membership: int, day: str) -> str:
    """One per membership and day: who leaves and comes back on one day may check in again."""
    # Under one id the second would count its events from one again, as the first did before it was erased: whoever
    # keeps them in order would take them for those of the first.
    return f"{member_id}-{day}" if membership == 1 else f"{member_id}-{membership}-{day}"


def level_of(points: int) -> int:
    """From 1."""
    return max(sum(1 for least in LEVELS if points >= least), 1)


def points_to_next(points: int) -> int | None:
    """How many are missing for the next level; None: there is none."""
    return next((least - points for least in LEVELS if least > points), None)


def badges_of(counts: Mapping[str, int]) -> tuple[Badge, ...]:
    """They follow from the counters, so they cannot disagree with them."""
    return tuple(badge for badge in BADGES if counts.get(badge.counted, 0) >= badge.least)


def streak_as_of(check_in: Mapping[str, object] | None, now: datetime) -> tuple[int, bool]:
    """Days in a row, and whether today is among them. A day that was missed ends it."""
    if not check_in:
        return 0, False
    day, streak = check_in["day"], check_in["streak"]
    assert isinstance(streak, int)
    if day == day_of(now):
        return streak, True
    return (streak, False) if day == day_before(now) else (0, False)
