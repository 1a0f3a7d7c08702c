"""Operators forget a webhook."""

from __future__ import annotations

from kit.transaction import Tx
from services.micro_community.ports import Webhooks


async def drop_webhook(tx: Tx, account_id: str, webhook_id: str, *, webhooks: Webhooks) -> None:
    """What waits for it goes with it.

    Raises:
        NotFound
    """
    await webhooks.drop(tx, account_id, webhook_id)
