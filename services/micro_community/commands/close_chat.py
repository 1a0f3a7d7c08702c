"""The matter of a chat is settled."""

from __future__ import annotations

from contracts.micro_community import ChatClosed
from kit.transaction import Tx
from services.micro_community.commands.chatting import ActInChat, chat_in
from services.micro_community.ports import Chats


async def close_chat(tx: Tx, command: ActInChat, *, chats: Chats) -> None:
    """Raises:
    NotFound, ChatNotYours
    """
    chat = (await chat_in(tx, command, chats)).closed(command.by.actor_id)
    await chats.put(tx, chat)
    tx.emit(
        ChatClosed(chat_id=chat.chat_id, account_id=chat.account_id, closed_by=command.by.actor_id, closed_at=tx.now)
    )
