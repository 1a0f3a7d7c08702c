"""The sweeper: comes back to what no message will: parked events whose turn has come, and replays that were asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from contracts.envelope import CloudEvent
from kit import dead_letters
from kit.delivery import Delivery, is_passing
from kit.metrics import Metrics
from kit.mongo import Database, Document
from kit.subscriptions import parse

log = structlog.get_logger("sweeper")
BATCH = 100


@dataclass(frozen=True)
class Sweeper:
    """One per service; `deliveries` by consumer name."""

    database: Database
    deliveries: Mapping[str, Delivery]
    metrics: Metrics

    async def sweep(self) -> None:
        """Look once at everything that waits."""
        self.metrics.parked.set(await self.database["parked"].estimated_document_count())
        for row in await self.database["parked"].find().sort([("at", 1)]).to_list(BATCH):
            await self._come_back(row)
        for letter in await dead_letters.listing(self.database, state="replay_requested"):
            await self._replay(letter["_id"])

    async def _come_back(self, row: Document) -> None:
        delivery = self.deliveries.get(row["consumer"])
        gate = await self.database["gates"].find_one({"_id": f"{row['consumer']}|{row['aggregate']}"})
        if delivery is None or gate is None or gate.get("blocked") or gate["version"] + 1 != row["aggver"]:
            return
        await delivery.retry_parked(CloudEvent.model_validate_json(row["body"]), row["body"].encode())
        await delivery.drain(row["aggregate"])

    async def _replay(self, letter_id: str) -> None:
        letter = await dead_letters.show(self.database, letter_id)
        delivery = self.deliveries.get(letter["consumer"])
        if delivery is None:
            return
        try:
            await delivery.apply(parse(letter["body"]), replay=True)
        except Exception as error:
            if is_passing(error):
                raise
            log.warning("replay_failed", letter_id=letter_id, error=repr(error))
            change = {"$set": {"state": "new", "error": str(error)[:4000], "reason": type(error).__name__}}
            await self.database["dead_letters"].update_one({"_id": letter_id}, change)
