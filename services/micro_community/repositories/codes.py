"""OAuth codes that were handed in, by their digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from kit.ids import derived_id
from kit.mongo import Database


@dataclass(frozen=True)
class MongoCodes:
    database: Database

    async def claim(self, account_id: str, code: str, *, return_to: str, now: datetime) -> bool:
        row = {"_id": derived_id("oauth_code", account_id, code), "return_to": return_to, "at": now}
        try:
            await self.database["oauth_codes"].insert_one(row)
        except DuplicateKeyError:
            return False
        return True

    async def return_to(self, account_id: str, code: str) -> str | None:
        row = await self.database["oauth_codes"].find_one({"_id": derived_id("oauth_code", account_id, code)})
        return row["return_to"] if row else None
