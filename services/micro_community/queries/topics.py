"""Topics: the most used, or those whose name begins so."""

from __future__ import annotations

import re

from kit.ids import derived_id
from kit.mongo import Database, Document
from services.micro_community.domain.topics import topic_key
from services.micro_community.schemas.posts import TopicPage, TopicView

MOST = 30


async def listing(database: Database, account_id: str, beginning: str | None, member_id: str | None) -> TopicPage:
    """Those that have posts, the most used first."""
    query: Document = {"account_id": account_id, "posts": {"$gt": 0}}
    order = [("posts", -1), ("_id", -1)]
    if beginning:
        query["name"] = {"$regex": f"^{re.escape(topic_key(beginning))}"}
        order = [("name", 1)]
    rows = await database["topics"].find(query).sort(order).to_list(MOST)
    return TopicPage(items=await _views(database, account_id, rows, member_id))


async def one(database: Database, account_id: str, name: str, member_id: str | None) -> TopicView:
    """A topic that nobody used yet is empty, not missing: it may be followed."""
    key = topic_key(name)
    row = await database["topics"].find_one({"_id": f"{account_id}|{key}"})
    return (await _views(database, account_id, [row or {"name": key}], member_id))[0]


async def _views(database: Database, account_id: str, rows: list[Document], member_id: str | None) -> list[TopicView]:
    followed: set[str] = set()
    if member_id:
        ids = [derived_id("follow", account_id, "topic", row["name"], member_id) for row in rows]
        found = database["follows"].find({"_id": {"$in": ids}, "active": True}, {"followed_id": 1})
        followed = {row["followed_id"] async for row in found}
    return [
        TopicView(
            name=row["name"],
            posts=row.get("posts", 0),
            followers=row.get("followers", 0),
            followed=row["name"] in followed,
        )
        for row in rows
    ]
