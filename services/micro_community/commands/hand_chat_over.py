"""A colleague goes on with a chat."""

from __future__ import annotations

from kit.transaction import Tx
from services.micro_community.commands.chatting import ActInChat, assign, chat_in
from services.micro_community.domain.chat import AT_DESK_FOR, ColleagueAway
from services.micro_community.ports import Chats, Visits


async def hand_chat_over(tx: Tx, command: ActInChat, *, chats: Chats, visits: Visits) -> None:
    """To somebody who is at this account's desk, under the name they are there with.

    Raises:
        NotFound, ChatNotYours, ColleagueAway
    """
    chat = await chat_in(tx, command, chats)
    name = await visits.name_at_desk(command.account_id, command.to, since=tx.now - AT_DESK_FOR)
    if name is None:
        raise ColleagueAway
    await assign(tx, chat.handed_over(command.by.actor_id, command.to, name, tx.now), chats)
