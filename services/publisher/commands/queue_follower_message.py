"""A message to one follower was written elsewhere: it is to be sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from contracts.publisher import FollowerMessageKind
from kit.transaction import Tx
from services.publisher.domain.follower_message import FollowerMessage
from services.publisher.ports import FollowerMessages


@dataclass(frozen=True)
class QueueFollowerMessage:
    """See `FollowerMessage`."""

    message_id: str
    account_id: str
    openid: str
    kind: FollowerMessageKind
    text: str = ""
    template_id: str = ""
    page_url: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    trace: str = ""


async def queue_follower_message(tx: Tx, command: QueueFollowerMessage, *, messages: FollowerMessages) -> None:
    """The same id is the same message."""
    if await messages.get(tx, command.message_id) is None:
        await messages.save(tx, FollowerMessage(queued_at=tx.now, due_at=tx.now, **vars(command)))
