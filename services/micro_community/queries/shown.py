"""What may still be shown, looked up when it is read: a copy of a text must not outlive the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from kit.mongo import Database, Document

ABOUT = ("reply", "mention", "like", "followed_post", "approved")
"""Notifications whose excerpt is of a post or reply; those of other kinds speak for themselves."""


async def shown_of(
    database: Database, collection: Literal["posts", "replies"], ids: Iterable[str | None]
) -> frozenset[str]:
    """Those of the posts or replies that are visible."""
    wanted = sorted({one for one in ids if one})
    if not wanted:
        return frozenset()
    rows = database[collection].find({"_id": {"$in": wanted}, "state": "visible"}, {"_id": 1})
    return frozenset([row["_id"] async for row in rows])


async def gone_of(database: Database, rows: list[Document]) -> frozenset[int]:
    """Places of the rows, each with `kind`, `post_id` and `reply_id`, that are about what is not shown any more."""
    about = [row for row in rows if row.get("kind") in ABOUT]
    posts = await shown_of(database, "posts", (row.get("post_id") for row in about))
    replies = await shown_of(database, "replies", (row.get("reply_id") for row in about))

    def is_gone(row: Document) -> bool:
        missing = row["post_id"] not in posts or (row["reply_id"] is not None and row["reply_id"] not in replies)
        return row.get("kind") in ABOUT and missing

    return frozenset(place for place, row in enumerate(rows) if is_gone(row))
