"""Delivering to webhooks: claim, call, record. A crash in between delivers again: receivers know the event's id."""

from __future__ import annotations

from services.micro_community.dependencies import Dependencies
from services.micro_community.domain.webhook import MOST_ATTEMPTS, pause_after, signature

MOST_AT_ONCE = 100


async def deliver_webhooks(deps: Dependencies) -> int:
    """Deliver what is due. How many calls were made."""
    for made in range(MOST_AT_ONCE):
        now = deps.clock.now()
        claimed = await deps.repos.webhooks.claim(now)
        if claimed is None:
            return made
        webhook, delivery = claimed
        headers = {
            "Guanwei-Event": delivery.kind,
            "Guanwei-Delivery": delivery.event_id,
            "Guanwei-Signature": signature(webhook.secret, int(now.timestamp()), delivery.body),
        }
        status = await deps.webhook_calls.call(webhook.url, delivery.body, headers)
        if 200 <= status < 300:
            await deps.repos.webhooks.settle(delivery, "done", status=status, next_at=None)
        elif delivery.attempts >= MOST_ATTEMPTS:
            await deps.repos.webhooks.settle(delivery, "failed", status=status, next_at=None)
        else:
            again = deps.clock.now() + pause_after(delivery.attempts)
            await deps.repos.webhooks.settle(delivery, "due", status=status, next_at=again)
    return MOST_AT_ONCE
