"""Somebody of the group answers a follower."""

from __future__ import annotations

from kit.ids import new_id
from kit.transaction import Tx
from services.micro_community.commands.chatting import ActInChat, chat_in, write_line
from services.micro_community.domain.chat import LONGEST
from services.micro_community.domain.text import clean
from services.micro_community.ports import ChatLine, Chats


async def answer_follower(tx: Tx, command: ActInChat, *, chats: Chats) -> str:
    """The id of the message; publisher sends it.

    Raises:
        NotFound, ChatNotYours, ChatWindowOver, TextEmpty, TextTooLong
    """
    text = clean(command.text, longest=LONGEST)
    chat = (await chat_in(tx, command, chats)).answered(command.by.actor_id, text, tx.now)
    line = ChatLine(new_id(), chat, "person", command.by.actor_id, text)
    await write_line(tx, line, chats)
    await chats.put(tx, chat)
    return line.message_id
