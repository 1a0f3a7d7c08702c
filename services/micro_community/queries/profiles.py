"""A member's own page, others' pages, points and the leaderboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kit.ids import derived_id
from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.web import Page
from services.micro_community.domain.growth import (
    SHANGHAI,
    badges_of,
    level_of,
    points_to_next,
    streak_as_of,
)
from services.micro_community.domain.member import MODERATOR
from services.micro_community.queries.pages import behind, cut
from services.micro_community.queries.people import author, authors
from services.micro_community.queries.unread import unread_count
from services.micro_community.schemas.people import (
    BadgeView,
    CountsView,
    Leaderboard,
    LeaderView,
    MemberView,
    MuteView,
    PointsPage,
    PointsView,
    ProfileView,
)

MOST_LEADERS = 50


@dataclass(frozen=True)
class ProfileViewer:
    """Who looks at a member's page, and when; `member_id` None: no member."""

    member_id: str | None
    moderates: bool
    now: datetime


async def me(database: Database, account_id: str, member_id: str, now: datetime) -> MemberView:
    """Raises NotFound."""
    row = await _member(database, account_id, member_id)
    until: datetime | None = row.get("muted_until")
    muted_for = max(until - now, timedelta()) if until else timedelta()
    streak, today = streak_as_of(row.get("check_in"), now)
    points = (row.get("counts") or {}).get("points", 0)
    own = ("signature", "follows_account", "joined_at", "mute_reason")
    lists = ("blocked_ids", "muted_words", "muted_notices")
    return MemberView(
        **_face(row),
        **{name: row.get(name) for name in own},
        **{name: row.get(name) or [] for name in lists},
        has_profile=row.get("nickname") is not None,
        points_to_next_level=points_to_next(points),
        streak=streak,
        checked_in_today=today,
        muted_until=until if muted_for else None,
        muted_seconds=int(muted_for.total_seconds()),
        banned=row.get("banned_at") is not None,
        unread_notifications=await unread_count(database, member_id),
        notices_left=await _notices_left(database, account_id, member_id),
    )


async def _notices_left(database: Database, account_id: str, member_id: str) -> int:
    """By the template that the community uses now."""
    community = await database["communities"].find_one({"_id": account_id}, {"rules.notice_template_id": 1}) or {}
    template_id = (community.get("rules") or {}).get("notice_template_id")
    key = f"{member_id}|{template_id}"
    row = await database["notice_quotas"].find_one({"_id": key}) if template_id else None
    return int(row["left"]) if row else 0


async def profile(database: Database, account_id: str, member_id: str, viewer: ProfileViewer) -> ProfileView:
    """Raises NotFound."""
    viewer_id = viewer.member_id
    row = await _member(database, account_id, member_id)
    followed = blocked = False
    if viewer_id:
        follow_id = derived_id("follow", account_id, "member", member_id, viewer_id)
        followed = await database["follows"].find_one({"_id": follow_id, "active": True}) is not None
        blocked = await database["members"].find_one({"_id": viewer_id, "blocked_ids": member_id}) is not None
    return ProfileView(
        **_face(row),
        signature=row.get("signature"),
        joined_at=row["joined_at"],
        followed=followed,
        blocked=blocked,
        mute=_mute(row, viewer.now) if viewer.moderates else None,
    )


def _mute(row: Document, now: datetime) -> MuteView | None:
    banned, until = row.get("banned_at") is not None, row.get("muted_until")
    running = until if until and until > now else None
    return MuteView(banned=banned, until=running, reason=row.get("mute_reason")) if banned or running else None


async def points(database: Database, member_id: str, page: Page) -> PointsPage:
    """The ledger, newest first; the balance is the sum of its lines."""
    query: Document = {"member_id": member_id, **behind(page, key="at")}
    rows = await database["points"].find(query).sort([("at", -1), ("_id", -1)]).limit(page.limit + 1).to_list(None)
    shown, next_cursor = cut(rows, page.limit, "at")
    names = ("amount", "reason", "subject_id", "at")
    items = [PointsView(**{name: row[name] for name in names}) for row in shown]
    member = await database["members"].find_one({"_id": member_id}, {"counts": 1}) or {}
    return PointsPage(items=items, next_cursor=next_cursor, balance=(member.get("counts") or {}).get("points", 0))


async def leaders(database: Database, account_id: str, now: datetime, *, week: bool) -> Leaderboard:
    """By points, of all time or of this week (from Monday in Shanghai)."""
    rows = await (_of_week(database, account_id, now) if week else _of_all_time(database, account_id))
    people = await authors(database, (member_id for member_id, _ in rows))
    items = [
        LeaderView(rank=rank, member=people[member_id], points=sum_) for rank, (member_id, sum_) in enumerate(rows, 1)
    ]
    return Leaderboard(items=items)


async def _of_all_time(database: Database, account_id: str) -> list[tuple[str, int]]:
    query = {"account_id": account_id, "counts.points": {"$gt": 0}, "left_at": None}
    found = database["members"].find(query, {"counts": 1}).sort([("counts.points", -1), ("_id", -1)])
    return [(row["_id"], row["counts"]["points"]) for row in await found.to_list(MOST_LEADERS)]


async def _of_week(database: Database, account_id: str, now: datetime) -> list[tuple[str, int]]:
    today = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    steps: list[Document] = [
        {"$match": {"account_id": account_id, "at": {"$gte": monday}}},
        {"$group": {"_id": "$member_id", "points": {"$sum": "$amount"}}},
        {"$match": {"points": {"$gt": 0}}},
        {"$sort": {"points": -1, "_id": -1}},
        {"$limit": MOST_LEADERS},
    ]
    return [(row["_id"], row["points"]) async for row in database["points"].aggregate(steps)]


def _face(row: Document) -> dict[str, Any]:
    counts = row.get("counts") or {}
    shown = author(row)
    return {
        "member_id": row["_id"],
        "nickname": shown.nickname,
        "avatar_url": shown.avatar_url,
        "moderator": MODERATOR in (row.get("roles") or ()),
        "level": level_of(counts.get("points", 0)),
        "badges": [BadgeView(badge_id=badge.badge_id, name=badge.name) for badge in badges_of(counts)],
        "counts": CountsView(**{name: counts.get(name, 0) for name in CountsView.model_fields}),
    }


async def _member(database: Database, account_id: str, member_id: str) -> Document:
    row = await database["members"].find_one({"_id": member_id, "account_id": account_id})
    if row is None or row["joined_at"] is None or row.get("left_at") is not None:
        raise NotFound
    return row
