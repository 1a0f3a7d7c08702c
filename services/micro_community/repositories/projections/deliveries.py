"""Events for webhooks: queued in the same transaction, so none is forgotten."""

from __future__ import annotations

from kit.mongo import Document
from kit.transaction import Tx
from services.micro_community.domain.consequences.model import Told
from services.micro_community.domain.webhook import Webhook
from services.micro_community.repositories.documents import read


async def queue(tx: Tx, told: list[Told]) -> None:
    accounts = sorted({one.account_id for one in told})
    if not accounts:
        return
    found = tx.collection("webhooks").find({"account_id": {"$in": accounts}}, session=tx.session)
    webhooks = [read(Webhook, row, "webhook_id") async for row in found]
    rows = [
        _row(one, webhook, tx)
        for one in told
        for webhook in webhooks
        if webhook.account_id == one.account_id and webhook.made_at <= one.at and webhook.wants(one.kind)
    ]
    if rows:
        await tx.collection("deliveries").insert_many(rows, ordered=False, session=tx.session)


def _row(one: Told, webhook: Webhook, tx: Tx) -> Document:
    return {
        "_id": f"{one.event_id}|{webhook.webhook_id}",
        "webhook_id": webhook.webhook_id,
        "account_id": one.account_id,
        "event_id": one.event_id,
        "kind": one.kind,
        "body": one.body,
        "attempts": 0,
        "state": "due",
        "next_at": tx.now,
        "at": tx.now,
    }
