"""Webhooks, and what is still to be delivered to them (`deliveries`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pymongo import ReturnDocument

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.domain.webhook import Delivery, Webhook
from services.micro_community.repositories.documents import read, to_document

CLAIMED_FOR = timedelta(seconds=60)


@dataclass(frozen=True)
class MongoWebhooks:
    database: Database

    async def count(self, tx: Tx, account_id: str) -> int:
        query = {"account_id": account_id}
        return int(await tx.collection("webhooks").count_documents(query, session=tx.session))

    async def add(self, tx: Tx, webhook: Webhook) -> None:
        await tx.collection("webhooks").insert_one(to_document(webhook, "webhook_id"), session=tx.session)

    async def drop(self, tx: Tx, account_id: str, webhook_id: str) -> None:
        query = {"_id": webhook_id, "account_id": account_id}
        if (await tx.collection("webhooks").delete_one(query, session=tx.session)).deleted_count == 0:
            raise NotFound
        await tx.collection("deliveries").delete_many({"webhook_id": webhook_id}, session=tx.session)

    async def claim(self, now: datetime) -> tuple[Webhook, Delivery] | None:
        """The delivery that has been due longest; nobody else gets it for a minute."""
        row = await self.database["deliveries"].find_one_and_update(
            {"state": "due", "next_at": {"$lte": now}},
            {"$set": {"next_at": now + CLAIMED_FOR}, "$inc": {"attempts": 1}},
            sort=[("next_at", 1)],
            return_document=ReturnDocument.AFTER,
        )
        if row is None:
            return None
        webhook = await self.database["webhooks"].find_one({"_id": row["webhook_id"]})
        if webhook is None:
            await self.database["deliveries"].delete_one({"_id": row["_id"]})
            return await self.claim(now)
        return read(Webhook, webhook, "webhook_id"), read(Delivery, row, "delivery_id")

    async def settle(self, delivery: Delivery, state: str, *, status: int, next_at: datetime | None) -> None:
        change: Document = {"state": state, "status": status}
        if next_at is not None:
            change["next_at"] = next_at
        await self.database["deliveries"].update_one({"_id": delivery.delivery_id}, {"$set": change})
