"""Webhooks, and what is still to be delivered to them (`deliveries`)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from pymongo import ReturnDocument

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.domain.consequences.model import Told
from services.micro_community.domain.webhook import CLAIMED_FOR, GIVEN_UP_AFTER, Delivery, Webhook
from services.micro_community.repositories.documents import read, to_document
from services.micro_community.repositories.projections import deliveries


@dataclass(frozen=True)
class MongoWebhooks:
    database: Database

    async def count(self, tx: Tx, account_id: str) -> int:
        # Two that only count would both find room.
        key, more = {"_id": f"webhooks|{account_id}"}, {"$inc": {"last": 1}}
        await tx.collection("sequences").update_one(key, more, upsert=True, session=tx.session)
        query = {"account_id": account_id}
        return int(await tx.collection("webhooks").count_documents(query, session=tx.session))

    async def add(self, tx: Tx, webhook: Webhook) -> None:
        await tx.collection("webhooks").insert_one(to_document(webhook, "webhook_id"), session=tx.session)

    async def drop(self, tx: Tx, account_id: str, webhook_id: str) -> None:
        query = {"_id": webhook_id, "account_id": account_id}
        if (await tx.collection("webhooks").delete_one(query, session=tx.session)).deleted_count == 0:
            raise NotFound
        await tx.collection("deliveries").delete_many({"webhook_id": webhook_id}, session=tx.session)

    async def claim(self, now: datetime, *, most: int) -> list[Webhook]:
        due = {"state": "due", "next_at": {"$lte": now}}
        waiting = await self.database["deliveries"].distinct("webhook_id", due)
        free = {"free_at": {"$not": {"$gt": now}}}
        found = self.database["webhooks"].find({"_id": {"$in": waiting}, **free}).sort([("free_at", 1)])
        claimed: list[Webhook] = []
        for row in await found.to_list(most):
            webhook = replace(_webhook(row), free_at=now + CLAIMED_FOR)
            claim = {"$set": {"free_at": webhook.free_at}}
            done = await self.database["webhooks"].update_one({"_id": row["_id"], **free}, claim)
            claimed += [webhook] if done.modified_count else []
        return claimed

    async def take(self, webhook: Webhook, now: datetime) -> Delivery | None:
        row = await self.database["deliveries"].find_one_and_update(
            {"state": "due", "webhook_id": webhook.webhook_id, "next_at": {"$lte": now}},
            {"$inc": {"attempts": 1}},
            sort=[("next_at", 1), ("_id", 1)],
            return_document=ReturnDocument.AFTER,
        )
        return read(Delivery, row, "delivery_id") if row else None

    async def settle(self, before: Webhook, after: Webhook, delivery: Delivery) -> None:
        change: Document = {"state": delivery.state, "status": delivery.status, "next_at": delivery.next_at}
        if delivery.state != "due":
            change["settled_at"] = after.last_at
        await self.database["deliveries"].update_one({"_id": delivery.delivery_id}, {"$set": change})
        names = ("failures", "free_at", "last_status", "last_at")
        await self._change(before, {name: getattr(after, name) for name in names})

    async def release(self, webhook: Webhook, now: datetime) -> None:
        await self._change(webhook, {"free_at": now})

    async def tell_emitted(self, tx: Tx, subjects: tuple[str, ...], *, most: int) -> int:
        outbox = tx.collection("outbox")
        untold = outbox.find({"type": {"$in": list(subjects)}, "told": None}, session=tx.session)
        rows = await untold.sort([("at", 1), ("_id", 1)]).to_list(most)
        await deliveries.queue(tx, [_told(row) for row in rows])
        ids = [row["_id"] for row in rows]
        if ids:
            await outbox.update_many({"_id": {"$in": ids}}, {"$set": {"told": True}}, session=tx.session)
        return len(ids)

    async def give_up(self, now: datetime) -> None:
        late = {"state": "due", "at": {"$lt": now - GIVEN_UP_AFTER}}
        await self.database["deliveries"].update_many(late, {"$set": {"state": "failed", "settled_at": now}})

    async def _change(self, webhook: Webhook, change: Document) -> None:
        """Unless somebody else has claimed it since."""
        claimed = {"_id": webhook.webhook_id, "free_at": webhook.free_at}
        await self.database["webhooks"].update_one(claimed, {"$set": change})


def _told(row: Document) -> Told:
    """Without the follower's openid, which is between us, publisher and WeChat."""
    envelope = json.loads(row["body"])
    envelope["data"].pop("openid", None)
    account_id = envelope["data"]["account_id"]
    return Told(row["_id"], account_id, row["type"], json.dumps(envelope, ensure_ascii=False), row["at"])


def _webhook(row: Document) -> Webhook:
    return read(Webhook, row, "webhook_id")
