"""Notifications are made by the projection; members only read them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.ports import Which


@dataclass(frozen=True)
class MongoNotifications:
    database: Database

    async def require(self, member_id: str, notification_id: str) -> None:
        query = {"_id": notification_id, "member_id": member_id}
        if await self.database["notifications"].find_one(query, {"_id": 1}) is None:
            raise NotFound

    async def read(self, account_id: str, member_id: str, which: Which) -> bool:
        query: Document = {"member_id": member_id, "account_id": account_id, "read": False}
        if which.up_to is not None:
            query["seq"] = {"$lte": which.up_to}
        if which.notification_id is not None:
            query["_id"] = which.notification_id
        if which.post_id is not None:
            query["post_id"] = which.post_id
        change = {"$set": {"read": True}, "$unset": {"outside_at": ""}}
        return bool((await self.database["notifications"].update_many(query, change)).modified_count)

    async def listed(self, member_id: str, notification_ids: tuple[str, ...]) -> None:
        waiting = {"_id": {"$in": list(notification_ids)}, "member_id": member_id, "outside_at": {"$type": "date"}}
        await self.database["notifications"].update_many(waiting, {"$unset": {"outside_at": ""}})

    async def forget(self, tx: Tx, member_id: str, actor_ids: tuple[str, ...], words: tuple[str, ...]) -> None:
        named: Document = {"actor_id": {"$ne": None}, "excerpt": re.compile("|".join(map(re.escape, words)), re.I)}
        either: list[Document] = [{"actor_id": {"$in": list(actor_ids)}}, *([named] if words else [])]
        query = {"member_id": member_id, "$or": either}
        await tx.collection("notifications").delete_many(query, session=tx.session)
