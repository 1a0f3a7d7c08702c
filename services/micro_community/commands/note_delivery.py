"""How sending a message to a follower ended: a line of a live chat, or a notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kit.transaction import Tx
from services.micro_community.ports import Chats, Notices

NOT_WANTED = ("wechat.43101",)
"""The follower did not accept the notice, or used it up elsewhere: our count was too high."""


@dataclass(frozen=True)
class NoteDelivery:
    """`message_id` is a line's or a notification's."""

    account_id: str
    message_id: str
    kind: str
    state: Literal["sent", "refused", "unknown"]
    code: str = ""
    detail: str = ""


async def note_delivery(tx: Tx, command: NoteDelivery, *, chats: Chats, notices: Notices) -> None:
    """Operators see it in the transcript; a notice that WeChat does not let through empties the member's quota."""
    if command.kind == "customer_message":
        await chats.note_delivery(tx, command.account_id, command.message_id, (command.state, command.detail))
    elif command.code in NOT_WANTED:
        await notices.revoke_of(tx, command.message_id)
