"""Sending a message to a follower ended, for now or for good."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.publisher.commands.settling import Outcome, tell
from services.publisher.domain.follower_message import MessageState
from services.publisher.ports import FollowerMessages


@dataclass(frozen=True)
class SettleFollowerMessage:
    message_id: str
    outcome: Outcome


async def settle_follower_message(tx: Tx, command: SettleFollowerMessage, *, messages: FollowerMessages) -> None:
    """Keep and tell the outcome, or put the message back into the queue."""
    outcome = command.outcome
    message = await messages.get(tx, command.message_id)
    if message is None or message.state is not MessageState.SENDING:
        return
    if outcome.temporary and message.again(tx.now, outcome.code):
        await messages.save(tx, message)
        return
    message.end(outcome.state, outcome.code)
    await messages.save(tx, message)
    tell(tx, message, outcome)
