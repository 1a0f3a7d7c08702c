"""A colleague goes on with a chat."""

from __future__ import annotations

from kit.transaction import Tx
from services.micro_community.commands.chatting import ActInChat, assign, chat_in
from services.micro_community.ports import Chats


async def hand_chat_over(tx: Tx, command: ActInChat, *, chats: Chats) -> None:
    """Raises:
    NotFound, ChatNotYours
    """
    assert command.to is not None
    chat = await chat_in(tx, command, chats)
    await assign(tx, chat.handed_over(command.by.actor_id, *command.to, tx.now), chats)
