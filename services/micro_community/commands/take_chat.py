"""Somebody of the group talks with a follower."""

from __future__ import annotations

from kit.transaction import Tx
from services.micro_community.commands.chatting import ActInChat, assign, chat_in
from services.micro_community.ports import Chats


async def take_chat(tx: Tx, command: ActInChat, *, chats: Chats) -> None:
    """Raises:
    NotFound, ChatTaken
    """
    chat = await chat_in(tx, command, chats)
    await assign(tx, chat.taken(command.by.actor_id, command.by.name, tx.now), chats)
