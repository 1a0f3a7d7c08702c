"""Days of the working calendar that people entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kit.transaction import Tx

MOST_DAYS = 400


@dataclass(frozen=True)
class MongoCalendarDays:
    """Collection `calendar_days`: `_id` the ISO date, `working`, `note`, `by`, `at`."""

    async def between(self, tx: Tx, first: date, last: date) -> Mapping[date, bool]:
        query = {"_id": {"$gte": first.isoformat(), "$lte": last.isoformat()}}
        rows = await tx.collection("calendar_days").find(query, session=tx.session).to_list(MOST_DAYS)
        return {date.fromisoformat(row["_id"]): bool(row["working"]) for row in rows}

    async def put(self, tx: Tx, day: date, *, working: bool, note: str, by: str) -> None:
        row = {"working": working, "note": note, "by": by, "at": tx.now}
        place = {"_id": day.isoformat()}
        await tx.collection("calendar_days").update_one(place, {"$set": row}, upsert=True, session=tx.session)
