"""Everything that is kept about a member, as one JSON document, written row by row."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from kit.mongo import Database

# Collection → the field that names the member.
PARTS = {
    "posts": "author_id",
    "replies": "author_id",
    "likes": "member_id",
    "favourites": "member_id",
    "follows": "member_id",
    "votes": "member_id",
    "check_ins": "member_id",
    "points": "member_id",
    "pictures": "member_id",
    "notifications": "member_id",
    "drafts": "member_id",
    "readings": "member_id",
    "reports": "reporter_id",
    "notice_quotas": "member_id",
    "chats": "member_id",
}
# What serves the machinery and says nothing about the member.
INNER = (
    "unsent",
    "unsent_at",
    "aggver",
    "fingerprint",
    "notified_member_ids",
    "thread_id",
    "heat",
    "votes",
    "name_key",
    "outside_at",
)


async def everything(database: Database, account_id: str, member_id: str) -> AsyncIterator[bytes]:
    """The document in pieces."""
    member = await database["members"].find_one({"_id": member_id, "account_id": account_id}) or {}
    yield b'{"member": ' + _written(member)
    for name, field in PARTS.items():
        yield f', "{name}": ['.encode()
        first = True
        async for row in database[name].find({field: member_id}):
            yield (b"" if first else b", ") + _written(row)
            first = False
        yield b"]"
    yield b', "chat_lines": ['
    chats = [row["_id"] async for row in database["chats"].find({"member_id": member_id}, {"_id": 1})]
    first = True
    async for row in database["chat_lines"].find({"chat_id": {"$in": chats}}):
        yield (b"" if first else b", ") + _written(row)
        first = False
    yield b"]}"


def _written(row: dict[str, Any]) -> bytes:
    kept = {name: value for name, value in row.items() if name not in INNER}
    return json.dumps(kept, ensure_ascii=False, default=_plain).encode()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
