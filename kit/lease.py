"""A lease: of several replicas one at a time may do something, and a dead one's turn ends by itself.

Expiry is judged by the database's clock (`$$NOW`), so that the replicas' clocks need not agree. A holder that was
paused past its lease may act once more before it notices; whatever a lease guards must bear that.
"""

from __future__ import annotations

import time

from pymongo.errors import DuplicateKeyError

from kit.ids import new_id
from kit.mongo import Database


class Lease:
    """One replica's claim on a name."""

    def __init__(self, database: Database, name: str, *, seconds: float = 5.0) -> None:
        self._leases = database["leases"]
        self._name = name
        self._seconds = seconds
        self._owner = new_id()
        self._safe_until = 0.0

    @property
    def held(self) -> bool:
        """False from 70 % of the lease on, by this process's own monotonic clock."""
        return time.monotonic() < self._safe_until

    @property
    def over(self) -> bool:
        """True when another replica may have had it since this one did."""
        return time.monotonic() >= self._safe_until + 0.3 * self._seconds

    async def hold(self) -> bool:
        """Take the lease, or renew it. True when this replica has it."""
        asked_at = time.monotonic()
        if not await self._claim():
            await self._make()
            if not await self._claim():
                self._safe_until = 0.0
                return False
        self._safe_until = asked_at + 0.7 * self._seconds
        return True

    async def release(self) -> None:
        """Let another replica have it at once."""
        self._safe_until = 0.0
        await self._leases.update_one({"_id": self._name, "owner": self._owner}, {"$set": {"owner": ""}})

    async def _claim(self) -> bool:
        free = {"$or": [{"owner": {"$in": [self._owner, ""]}}, {"$expr": {"$lt": ["$until", "$$NOW"]}}]}
        until = {"$add": ["$$NOW", int(self._seconds * 1000)]}
        result = await self._leases.update_one(
            {"_id": self._name, **free}, [{"$set": {"owner": self._owner, "until": until}}]
        )
        return result.matched_count == 1

    async def _make(self) -> None:
        try:
            await self._leases.insert_one({"_id": self._name, "owner": ""})
        except DuplicateKeyError:
            return
