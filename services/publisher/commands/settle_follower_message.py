"""How sending a message to a follower ended."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.publisher import FollowerMessageOutcomeUnknown, FollowerMessageRefused, FollowerMessageSent
from kit.transaction import Tx
from services.publisher.domain.follower_message import FollowerMessage, MessageState
from services.publisher.ports import FollowerMessages


@dataclass(frozen=True)
class Outcome:
    """`temporary`: nothing was sent, and it may be tried again."""

    state: MessageState
    code: str = ""
    detail: str = ""
    temporary: bool = False


async def settle_follower_message(tx: Tx, message_id: str, outcome: Outcome, *, messages: FollowerMessages) -> None:
    """Keep and tell the outcome, or put the message back into the queue."""
    message = await messages.get(tx, message_id)
    if message is None or message.state is not MessageState.SENDING:
        return
    if outcome.temporary and message.again(tx.now, outcome.code):
        await messages.save(tx, message)
        return
    message.end(outcome.state, outcome.code)
    await messages.save(tx, message)
    tell(tx, message, outcome)


def tell(tx: Tx, message: FollowerMessage, outcome: Outcome) -> None:
    """Publish how it ended."""
    who = {"message_id": message.message_id, "account_id": message.account_id, "kind": message.kind}
    match outcome.state:
        case MessageState.SENT:
            tx.emit(FollowerMessageSent.model_validate({**who, "sent_at": tx.now}))
        case MessageState.REFUSED:
            why = {"code": outcome.code, "detail": outcome.detail, "refused_at": tx.now}
            tx.emit(FollowerMessageRefused.model_validate({**who, **why}))
        case _:
            tx.emit(FollowerMessageOutcomeUnknown.model_validate({**who, "noticed_at": tx.now}))
