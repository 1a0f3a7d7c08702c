"""What the commands of the live chat have in common."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.micro_community import ChatAssigned, ChatMessageWritten
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.domain.chat import Chat
from services.micro_community.domain.moderation import Moderator
from services.micro_community.ports import ChatLine, Chats


@dataclass(frozen=True)
class ActInChat:
    """`by` does something in a chat. `to`: id of the person it is handed to."""

    account_id: str
    chat_id: str
    by: Moderator
    text: str = ""
    to: str = ""


async def chat_in(tx: Tx, command: ActInChat, chats: Chats) -> Chat:
    chat = await chats.find(tx, command.account_id, command.chat_id)
    if chat is None:
        raise NotFound
    return chat


async def assign(tx: Tx, chat: Chat, chats: Chats) -> None:
    assert chat.person_id is not None
    await chats.put(tx, chat)
    tx.emit(
        ChatAssigned(chat_id=chat.chat_id, account_id=chat.account_id, person_id=chat.person_id, assigned_at=tx.now)
    )


async def write_line(tx: Tx, line: ChatLine, chats: Chats) -> None:
    await chats.say(tx, line, tx.now)
    tx.emit(
        ChatMessageWritten(
            chat_id=line.chat.chat_id,
            message_id=line.message_id,
            account_id=line.chat.account_id,
            openid=line.chat.openid,
            text=line.text,
            written_by=line.person_id,
            written_at=tx.now,
        )
    )
