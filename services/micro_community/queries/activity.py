"""What open pages are told, in the order of the community's sequence."""

from __future__ import annotations

from kit.mongo import Database, Document
from services.micro_community.queries.people import authors
from services.micro_community.queries.shown import gone_of, shown_of

MOST_AT_ONCE = 500


async def last_seq(database: Database, account_id: str) -> int:
    """Position of the newest row; 0: nothing has happened."""
    row = await database["sequences"].find_one({"_id": account_id})
    return int(row["last"]) if row else 0


async def since(database: Database, account_id: str, seq: int, *, most: int = MOST_AT_ONCE) -> list[Document]:
    """Rows after the position, with their authors as `author` in the content."""
    query = {"account_id": account_id, "seq": {"$gt": seq}}
    rows = await database["activity"].find(query).sort([("seq", 1)]).to_list(most)
    ids = [row["content"].get(name) for row in rows for name in ("author_id", "actor_id", "answered_id")]
    people = await authors(database, ids)
    for row in rows:
        for name in ("author", "actor", "answered"):
            member_id = row["content"].get(f"{name}_id")
            if member_id:
                row["content"][name] = people[member_id].model_dump(mode="json")
    return rows


async def still_shown(database: Database, rows: list[Document]) -> list[Document]:
    """Rows of a while ago without what has been taken down since: replies go, notifications lose their excerpt."""
    replies = [row for row in rows if row["kind"] == "reply.created"]
    named = [row["content"].get(name) for row in replies for name in ("reply_id", "parent_reply_id")]
    shown = await shown_of(database, "replies", named)
    posts = await shown_of(database, "posts", (row["post_id"] for row in replies))
    for row in replies:
        if row["content"].get("parent_reply_id") not in shown:
            row["content"]["quoted"] = None
    told = [row for row in rows if row["kind"] == "notification"]
    gone = await gone_of(database, [row["content"] for row in told])
    for place, row in enumerate(told):
        if place in gone:
            row["content"] |= {"excerpt": "", "gone": True}
    return [
        row
        for row in rows
        if row["kind"] != "reply.created" or (row["content"]["reply_id"] in shown and row["post_id"] in posts)
    ]
