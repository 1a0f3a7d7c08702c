"""The feed of what a member follows: several lists, each in the order of its own index, merged behind the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from kit.mongo import Database, Document
from kit.web import Page
from services.micro_community.queries.pages import behind, cut

MOST_FOLLOWED = 500
AT_ONCE = 100
"""Beyond 200 values MongoDB gives up merging the parts of an index and sorts in memory."""
ORDER = [("created_at", -1), ("_id", -1)]


async def following(
    database: Database, narrowed: Document, member_id: str, page: Page, unshown: Document
) -> tuple[list[Document], str | None]:
    """A page of posts by followed members, about followed topics, and followed themselves."""
    follows = await _followed(database, member_id)
    before = {**narrowed, **behind(page)}
    most = page.limit + 1
    lists = [
        _keys(database, {**before, field: {"$in": part}}, index, most)
        for field, index, ids in (
            ("author_id", "by_author", follows["member"]),
            ("topics", "latest_of_topic", follows["topic"]),
        )
        for part in _parts(ids)
    ]
    lists.append(_named(database, before, follows["post"]))
    found = {row["_id"]: row for rows in await asyncio.gather(*lists) for row in rows}
    newest = sorted(found.values(), key=lambda row: (row["created_at"], row["_id"]), reverse=True)
    shown, next_cursor = cut(newest[:most], page.limit)
    ids = [row["_id"] for row in shown]
    rows = {row["_id"]: row async for row in database["posts"].find({"_id": {"$in": ids}}, unshown)}
    return [rows[post_id] for post_id in ids if post_id in rows], next_cursor


async def _followed(database: Database, member_id: str) -> dict[str, list[str]]:
    """What was followed last, by kind."""
    found: dict[str, list[str]] = {}
    for kind in ("member", "topic", "post"):
        query = {"member_id": member_id, "followed_kind": kind, "active": True}
        rows = database["follows"].find(query, {"followed_id": 1}).sort([("at", -1), ("_id", -1)])
        found[kind] = [row["followed_id"] for row in await rows.to_list(MOST_FOLLOWED)]
    return found


async def _keys(database: Database, query: Document, index: str, most: int) -> list[Document]:
    cursor = database["posts"].find(query, {"created_at": 1}).sort(ORDER).hint(index)
    return await cursor.limit(most).to_list(most)


async def _named(database: Database, before: Document, ids: list[str]) -> list[Document]:
    """Posts by id; there are never more than `MOST_FOLLOWED`."""
    if not ids:
        return []
    query = {"$and": [before, {"_id": {"$in": ids}}]}
    return await database["posts"].find(query, {"created_at": 1}).to_list(MOST_FOLLOWED)


def _parts(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield list(ids[start : start + AT_ONCE])
