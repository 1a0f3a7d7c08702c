"""The webhooks of a community, without their secrets."""

from __future__ import annotations

from kit.mongo import Database, Document
from services.micro_community.schemas.webhooks import WebhookList, WebhookView


async def listing(database: Database, account_id: str) -> WebhookList:
    rows = await database["webhooks"].find({"account_id": account_id}).sort([("_id", 1)]).to_list(None)
    return WebhookList(items=[await _view(database, row) for row in rows])


async def _view(database: Database, row: Document) -> WebhookView:
    deliveries = database["deliveries"]
    return WebhookView(
        webhook_id=row["_id"],
        url=row["url"],
        kinds=list(row["kinds"]),
        made_at=row["made_at"],
        last_status=row.get("last_status"),
        last_at=row.get("last_at"),
        paused_until=row["free_at"] if row.get("failures") else None,
        waiting=await deliveries.count_documents({"webhook_id": row["_id"], "state": "due"}),
        failed=await deliveries.count_documents({"webhook_id": row["_id"], "state": "failed"}),
    )
