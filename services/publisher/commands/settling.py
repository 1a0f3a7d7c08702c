"""A step that the commands about a message to a follower share: tell how sending it ended."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.publisher import FollowerMessageOutcomeUnknown, FollowerMessageRefused, FollowerMessageSent
from kit.transaction import Tx
from services.publisher.domain.follower_message import FollowerMessage, MessageState


@dataclass(frozen=True)
class Outcome:
    """`temporary`: nothing was sent, and it may be tried again."""

    state: MessageState
    code: str = ""
    detail: str = ""
    temporary: bool = False


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
