"""What open pages are told, in the order of the community's sequence."""

from __future__ import annotations

from kit.mongo import Database, Document
from services.micro_community.queries.people import authors

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
