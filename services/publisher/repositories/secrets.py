"""Tokens and tickets that all processes share, sealed; one process at a time may fetch a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo.errors import DuplicateKeyError

from kit.mongo import Collection, Database
from services.publisher.ports import SharedSecret

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class MongoSharedSecrets:
    """Collection `shared_secrets`: `_id` account|purpose, `sealed`, `generation`, `credentials`, `expires_at`,
    `claimed_until`. Claims end by the database's clock, so that those of the processes need not agree.
    """

    database: Database

    @property
    def _rows(self) -> Collection:
        return self.database["shared_secrets"]

    async def read(self, name: str) -> SharedSecret | None:
        row = await self._rows.find_one({"_id": name, "generation": {"$gt": 0}})
        if row is None:
            return None
        return SharedSecret(row["sealed"], row["generation"], row["credentials"], row["expires_at"])

    async def claim(self, name: str, generation: int, seconds: float) -> bool:
        if generation == 0:
            await self._make(name)
        free = {"_id": name, "generation": generation, "$expr": {"$lt": ["$claimed_until", "$$NOW"]}}
        until = {"$add": ["$$NOW", int(seconds * 1000)]}
        result = await self._rows.update_one(free, [{"$set": {"claimed_until": until}}])
        return result.matched_count == 1

    async def put(self, name: str, secret: SharedSecret) -> None:
        row = {
            "sealed": secret.sealed,
            "generation": secret.generation,
            "credentials": secret.credentials,
            "expires_at": secret.expires_at,
            "claimed_until": LONG_AGO,
        }
        await self._rows.update_one({"_id": name, "generation": secret.generation - 1}, {"$set": row})

    async def give_up(self, name: str) -> None:
        await self._rows.update_one({"_id": name}, {"$set": {"claimed_until": LONG_AGO}})

    async def _make(self, name: str) -> None:
        try:
            await self._rows.insert_one({"_id": name, "generation": 0, "claimed_until": LONG_AGO})
        except DuplicateKeyError:
            return
