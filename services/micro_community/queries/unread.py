"""Unread notifications are the rows that are not read: there is no counter that could differ from them."""

from __future__ import annotations

from kit.mongo import Database

MOST_UNREAD = 1_000


async def unread_count(database: Database, member_id: str) -> int:
    """At most `MOST_UNREAD`."""
    query = {"member_id": member_id, "read": False}
    return int(await database["notifications"].count_documents(query, limit=MOST_UNREAD))
