"""What transactions emitted goes to webhooks too; events that documents carry are told by the harvest."""

from __future__ import annotations

from contracts import micro_community as events
from kit.transaction import Tx
from services.micro_community.ports import Webhooks

EMITTED = tuple(
    model.subject
    for model in (
        events.MemberJoined,
        events.MemberMuted,
        events.MemberUnmuted,
        events.MemberLeft,
        events.ChatOpened,
        events.ChatAssigned,
        events.ChatMessageWritten,
        events.ChatClosed,
        events.ContentShared,
        events.FollowerNoticeWritten,
    )
)
MOST_AT_ONCE = 200


async def tell_webhooks(tx: Tx, *, webhooks: Webhooks) -> int:
    """Queue deliveries for what lies in the outbox and was not told yet: each event once. How many there were."""
    return await webhooks.tell_emitted(tx, EMITTED, most=MOST_AT_ONCE)
