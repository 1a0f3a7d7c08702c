"""What a community saw, day by day."""

from __future__ import annotations

from datetime import datetime, timedelta

from kit.mongo import Database, Document
from services.micro_community.domain.growth import SHANGHAI, day_of
from services.micro_community.schemas.statistics import DayView, StatisticsView


async def statistics(database: Database, account_id: str, now: datetime, *, days: int) -> StatisticsView:
    """Of the last `days`, today included."""
    names = [day_of(now - timedelta(days=back)) for back in reversed(range(days))]
    of_account: Document = {"account_id": account_id}
    found = database["days"].find(of_account | {"day": {"$gte": names[0]}})
    counted: dict[str, Document] = {}
    async for row in found:  # a day has two: what was written, and who came
        counted[row["day"]] = counted.get(row["day"], {}) | row
    active = await _active(database, account_id, names[0])
    joined = await _joined(database, account_id, names[0])
    same = ("posts", "replies", "likes", "shares", "returns")
    rows = [
        DayView(
            day=day,
            joined=joined.get(day, 0),
            active=active.get(day, 0),
            shares_by=counted.get(day, {}).get("shares_by", {}),
            **{name: counted.get(day, {}).get(name, 0) for name in same},
        )
        for day in names
    ]
    waiting = [await database[name].count_documents(of_account | {"state": "waiting"}) for name in ("posts", "replies")]
    present = of_account | {"joined_at": {"$ne": None}, "left_at": None}
    return StatisticsView(
        members=await database["members"].count_documents(present),
        waiting=sum(waiting),
        open_reports=await database["reports"].count_documents(of_account | {"state": "open"}),
        days=rows,
    )


async def _active(database: Database, account_id: str, since: str) -> dict[str, int]:
    steps: list[Document] = [
        {"$match": {"account_id": account_id, "day": {"$gte": since}}},
        {"$group": {"_id": "$day", "members": {"$sum": 1}}},
    ]
    return {row["_id"]: row["members"] async for row in database["presences"].aggregate(steps)}


async def _joined(database: Database, account_id: str, since: str) -> dict[str, int]:
    start = datetime.fromisoformat(since).replace(tzinfo=SHANGHAI)
    day = {"$dateToString": {"date": "$joined_at", "format": "%Y-%m-%d", "timezone": "+08:00"}}
    steps: list[Document] = [
        {"$match": {"account_id": account_id, "joined_at": {"$gte": start}}},
        {"$group": {"_id": day, "members": {"$sum": 1}}},
    ]
    return {row["_id"]: row["members"] async for row in database["members"].aggregate(steps)}
