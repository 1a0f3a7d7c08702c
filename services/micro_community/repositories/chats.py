"""Chats in `chats`, their lines in `chat_lines`, prepared answers in `canned_answers`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kit.ids import new_id
from kit.mongo import Database
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.domain.chat import Chat
from services.micro_community.domain.member import member_id_of
from services.micro_community.ports import ChatLine
from services.micro_community.repositories.documents import read, to_document


@dataclass(frozen=True)
class MongoChats:
    database: Database

    async def find(self, tx: Tx, account_id: str, chat_id: str) -> Chat | None:
        query = {"_id": chat_id, "account_id": account_id}
        document = await tx.collection("chats").find_one(query, session=tx.session)
        return read(Chat, document, "chat_id") if document else None

    async def put(self, tx: Tx, chat: Chat) -> None:
        document = to_document(chat, "chat_id")
        # By which the follower's data is found when the member leaves.
        document["member_id"] = member_id_of(chat.account_id, chat.openid)
        await tx.collection("chats").replace_one({"_id": chat.chat_id}, document, upsert=True, session=tx.session)

    async def say(self, tx: Tx, line: ChatLine, at: datetime) -> None:
        document = {
            "_id": line.message_id,
            "chat_id": line.chat.chat_id,
            "account_id": line.chat.account_id,
            "by": line.by,
            "person_id": line.person_id,
            "text": line.text,
            "delivery": "sending" if line.by != "follower" else None,
            "at": at,
        }
        await tx.collection("chat_lines").insert_one(document, session=tx.session)

    async def note_delivery(self, tx: Tx, account_id: str, message_id: str, outcome: tuple[str, str]) -> None:
        state, detail = outcome
        query = {"_id": message_id, "account_id": account_id}
        change = {"$set": {"delivery": state, "delivery_detail": detail}}
        line = await tx.collection("chat_lines").find_one_and_update(query, change, session=tx.session)
        if line is not None and state != "sent":
            # Whoever answered may be talking with somebody else by now: the list of chats has to show it.
            key, mark = {"_id": line["chat_id"]}, {"$set": {"undelivered": True}}
            await tx.collection("chats").update_one(key, mark, session=tx.session)

    async def keep_answer(self, tx: Tx, account_id: str, title: str, text: str) -> str:
        answer_id = new_id()
        document = {"_id": answer_id, "account_id": account_id, "title": title, "text": text, "at": tx.now}
        await tx.collection("canned_answers").insert_one(document, session=tx.session)
        return answer_id

    async def drop_answer(self, account_id: str, answer_id: str) -> None:
        query = {"_id": answer_id, "account_id": account_id}
        if (await self.database["canned_answers"].delete_one(query)).deleted_count == 0:
            raise NotFound
