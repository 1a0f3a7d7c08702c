"""Who was here on a day (`presences`), and what a day saw (`days`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kit.mongo import Database
from kit.transaction import Tx
from services.micro_community.domain.growth import day_of
from services.micro_community.domain.moderation import Moderator

MOST_KNOWN = 50_000


@dataclass(frozen=True)
class MongoVisits:
    database: Database
    _known: set[str] = field(default_factory=set)
    """What this replica has written already."""

    async def present(self, account_id: str, member_id: str, now: datetime) -> None:
        day = day_of(now)
        key = f"{account_id}|{day}|{member_id}"
        if key in self._known:
            return
        first = {"$setOnInsert": {"account_id": account_id, "day": day, "at": now}}
        await self.database["presences"].update_one({"_id": key}, first, upsert=True)
        self._remember(key)

    async def at_desk(self, account_id: str, by: Moderator, now: datetime) -> None:
        # With its day: a replica lives longer than one, and would not write the same minute again.
        minute = now.strftime("%Y-%m-%d %H:%M")
        key = f"desk|{account_id}|{by.actor_id}|{minute}"
        if key in self._known:
            return
        change = {"$set": {"account_id": account_id, "person_id": by.actor_id, "name": by.name, "at": now}}
        await self.database["desk_presences"].update_one({"_id": f"{account_id}|{by.actor_id}"}, change, upsert=True)
        self._remember(key)

    async def name_at_desk(self, account_id: str, person_id: str, *, since: datetime) -> str | None:
        query = {"_id": f"{account_id}|{person_id}", "at": {"$gt": since}}
        row = await self.database["desk_presences"].find_one(query, {"name": 1})
        return row["name"] if row else None

    def _remember(self, key: str) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known.add(key)

    async def count(
        self, tx: Tx, account_id: str, what: Literal["shares", "returns"], *, by: str | None = None
    ) -> None:
        day = day_of(tx.now)
        change = {
            "$setOnInsert": {"account_id": account_id, "day": day},
            "$inc": {what: 1} | ({f"{what}_by.{by}": 1} if by else {}),
        }
        # Not in the day's row of the projection: the harvest would have to try again whenever somebody comes.
        key = {"_id": f"{account_id}|{day}|visits"}
        await tx.collection("days").update_one(key, change, upsert=True, session=tx.session)
