"""A worker takes a message to a follower into its hands, before it calls the platform."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.publisher.commands.settling import Outcome, tell
from services.publisher.domain.follower_message import FollowerMessage, MessageState
from services.publisher.ports import FollowerMessages


@dataclass(frozen=True)
class ClaimFollowerMessage:
    message_id: str


async def claim_follower_message(
    tx: Tx, command: ClaimFollowerMessage, *, messages: FollowerMessages
) -> FollowerMessage | None:
    """The message to send; None: it is not due any more, or it was left half done and its outcome is unknown."""
    message = await messages.get(tx, command.message_id)
    if message is None or message.due_at is None or message.due_at > tx.now:
        return None
    if message.claim(tx.now):
        await messages.save(tx, message)
        return message
    message.end(MessageState.UNKNOWN)
    await messages.save(tx, message)
    tell(tx, message, Outcome(MessageState.UNKNOWN))
    return None
