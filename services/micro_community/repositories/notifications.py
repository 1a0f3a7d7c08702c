"""Notifications are made by the projection; members only read them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kit.mongo import Database, Document
from kit.transaction import Tx


@dataclass(frozen=True)
class MongoNotifications:
    database: Database

    async def read(self, account_id: str, member_id: str, up_to: int | None) -> None:
        query: Document = {"member_id": member_id, "account_id": account_id, "read": False}
        if up_to is not None:
            query["seq"] = {"$lte": up_to}
        await self.database["notifications"].update_many(query, {"$set": {"read": True}, "$unset": {"outside_at": ""}})

    async def forget(self, tx: Tx, member_id: str, actor_ids: tuple[str, ...], words: tuple[str, ...]) -> None:
        named: Document = {"actor_id": {"$ne": None}, "excerpt": re.compile("|".join(map(re.escape, words)), re.I)}
        either: list[Document] = [{"actor_id": {"$in": list(actor_ids)}}, *([named] if words else [])]
        query = {"member_id": member_id, "$or": either}
        await tx.collection("notifications").delete_many(query, session=tx.session)
