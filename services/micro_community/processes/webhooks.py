"""Delivering to webhooks: claim, call, record. A crash in between delivers again: receivers know the event's id.

Webhooks are served side by side, each by one caller at a time and in the order of events; what was refused comes again
later. So one that is slow or dead holds up nobody but itself.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from services.micro_community.dependencies import Dependencies
from services.micro_community.domain.webhook import Webhook, signature

MOST_AT_ONCE = 64
MOST_IN_A_ROW = 100
TURN = timedelta(seconds=10)
"""After that, no further call before the others had their turn."""
LOOK_SECONDS = 1.0


async def deliver_webhooks(deps: Dependencies) -> int:
    """Deliver until nothing is due. How many calls were made."""
    made = 0
    serving: set[asyncio.Task[int]] = set()
    try:
        while True:
            free = MOST_AT_ONCE - len(serving)
            claimed = await deps.repos.webhooks.claim(deps.clock.now(), most=free) if free else []
            serving |= {asyncio.create_task(_serve(deps, webhook)) for webhook in claimed}
            if not serving:
                return made
            done, serving = await asyncio.wait(serving, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            made += sum([task.result() for task in done])
    finally:
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def _serve(deps: Dependencies, webhook: Webhook) -> int:
    """One webhook's turn, which ends with the first failure."""
    webhooks, began_at = deps.repos.webhooks, deps.clock.now()
    for made in range(MOST_IN_A_ROW):
        now = deps.clock.now()
        delivery = await webhooks.take(webhook, now) if now < began_at + TURN else None
        if delivery is None:
            await webhooks.release(webhook, now)
            return made
        headers = {
            "Guanwei-Event": delivery.kind,
            "Guanwei-Delivery": delivery.event_id,
            "Guanwei-Signature": signature(webhook.secret, int(now.timestamp()), delivery.body),
        }
        status = await deps.webhook_calls.call(webhook.url, delivery.body, headers)
        now = deps.clock.now()
        before, webhook = webhook, webhook.answered(status, now)
        await webhooks.settle(before, webhook, delivery.answered(status, now))
        if webhook.failures:
            return made + 1
    await webhooks.release(webhook, deps.clock.now())
    return MOST_IN_A_ROW
