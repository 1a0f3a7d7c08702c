"""Everything that is kept about a member, as one JSON document, written row by row."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from kit.mongo import Database, Document
from services.micro_community.queries.shown import gone_of, shown_of

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
    "once",
    "notified_member_ids",
    "thread_id",
    "heat",
    "votes",
    "name_key",
    "outside_at",
)
# Who of the group talks with followers is the group's own affair.
STAFF = ("person_id", "person_name")
BATCH = 200


async def everything(database: Database, account_id: str, member_id: str) -> AsyncIterator[bytes]:
    """The document in pieces."""
    member = await database["members"].find_one({"_id": member_id, "account_id": account_id}) or {}
    yield b'{"member": ' + _written(member)
    for name, field in PARTS.items():
        async for piece in _part(database, name, {field: member_id}):
            yield piece
    chats = [row["_id"] async for row in database["chats"].find({"member_id": member_id}, {"_id": 1})]
    async for piece in _part(database, "chat_lines", {"chat_id": {"$in": chats}}):
        yield piece
    yield b"}"


async def _part(database: Database, name: str, query: Document) -> AsyncIterator[bytes]:
    yield f', "{name}": ['.encode()
    cursor, first = database[name].find(query), True
    while rows := await cursor.to_list(BATCH):
        await _blank(database, name, rows)
        for row in rows:
            yield (b"" if first else b", ") + _written(row)
            first = False
    yield b"]"


async def _blank(database: Database, name: str, rows: list[Document]) -> None:
    """What others wrote is not handed out in copies when it is shown no more."""
    match name:
        case "notifications":
            for place in await gone_of(database, rows):
                rows[place]["excerpt"] = ""
        case "replies":
            shown = await shown_of(database, "replies", (row["parent_reply_id"] for row in rows))
            for row in rows:
                row["quoted"] = row["quoted"] if row["parent_reply_id"] in shown else None
        case "reports":
            ids = [row["target_id"] for row in rows]
            shown = await shown_of(database, "posts", ids) | await shown_of(database, "replies", ids)
            for row in rows:
                row["excerpt"] = row["excerpt"] if row["target_id"] in shown else ""


def _written(row: dict[str, Any]) -> bytes:
    kept = {name: value for name, value in row.items() if name not in (*INNER, *STAFF)}
    return json.dumps(kept, ensure_ascii=False, default=_plain).encode()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
