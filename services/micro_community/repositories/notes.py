"""Drafts in `drafts`, and how far members have read in `readings`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kit.mongo import Database
from kit.refusal import Refusal

MOST_DRAFTS = 50


class TooManyDrafts(Refusal):
    code = "micro_community.too_many_drafts"
    status = 409
    text = "草稿太多了，请先删除一些。"


@dataclass(frozen=True)
class MongoNotes:
    database: Database

    async def put_draft(
        self, account_id: str, member_id: str, slot: str, content: dict[str, Any], now: datetime
    ) -> None:
        drafts, key = self.database["drafts"], f"{member_id}|{slot}"
        change = {"account_id": account_id, "member_id": member_id, "slot": slot, "content": content, "at": now}
        if (await drafts.update_one({"_id": key}, {"$set": change})).matched_count:
            return
        if await drafts.count_documents({"member_id": member_id}, limit=MOST_DRAFTS) >= MOST_DRAFTS:
            raise TooManyDrafts(most=MOST_DRAFTS)
        await drafts.update_one({"_id": key}, {"$set": change}, upsert=True)

    async def drop_draft(self, member_id: str, slot: str) -> None:
        await self.database["drafts"].delete_one({"_id": f"{member_id}|{slot}"})

    async def have_read(self, account_id: str, member_id: str, post_id: str, floor: int, now: datetime) -> None:
        fields = {"account_id": account_id, "member_id": member_id, "post_id": post_id}
        change = {"$set": fields | {"at": now}, "$max": {"floor": floor}}
        await self.database["readings"].update_one({"_id": f"{member_id}|{post_id}"}, change, upsert=True)
