"""A follower wrote to the account in WeChat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.micro_community import ChatOpened
from kit.ids import new_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.commands.chatting import write_line
from services.micro_community.domain.chat import Chat, chat_id_of, shown
from services.micro_community.ports import ChatLine, Chats, Communities

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class HearFollower:
    account_id: str
    openid: str
    message_id: str
    kind: str
    text: str | None
    received_at: datetime
    """When the account's platform got it; we may hear of it later, and out of order."""


async def hear_follower(tx: Tx, command: HearFollower, *, chats: Chats, communities: Communities) -> None:
    """Raises:
    NotFound: the account's registration has not arrived yet; the event comes again.
    """
    community = await communities.in_transaction(tx, command.account_id)
    if community is None:
        raise NotFound
    chat_id = chat_id_of(command.account_id, command.openid)
    before = await chats.find(tx, command.account_id, chat_id) or Chat(chat_id, command.account_id, command.openid)
    text = shown(command.kind, command.text)
    # WeChat tells whole seconds: what is heard within one is put behind what was answered a moment before.
    at = min(tx.now, command.received_at + SECOND)
    chat = before.heard(text, at)
    if before.is_over:
        tx.emit(ChatOpened(chat_id=chat_id, account_id=chat.account_id, opened_at=at))
    await chats.say(tx, ChatLine(command.message_id, chat, "follower", None, text), at)
    if chat.wants_away_text(community.rules, tx.now):
        chat = replace(chat, away_told_at=tx.now)
        await write_line(tx, ChatLine(new_id(), chat, "automatic", None, community.rules.chat_away_text), chats)
    await chats.put(tx, chat)
