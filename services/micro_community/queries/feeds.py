"""Which posts a feed has, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from kit.auth import Principal
from kit.mongo import Database, Document
from kit.refusal import Unauthenticated
from services.micro_community.domain.topics import topic_key

FeedName: TypeAlias = Literal["latest", "hot", "featured", "pinned", "following"]
MOST_FOLLOWED = 500


@dataclass(frozen=True)
class Wanted:
    """What the reader asks for."""

    account_id: str
    feed: FeedName = "latest"
    board_id: str | None = None
    topic: str | None = None
    author_id: str | None = None


@dataclass(frozen=True)
class Feed:
    """A filter, and the field that orders it, greatest first."""

    query: Document
    key: str = "created_at"


async def feed_of(database: Database, wanted: Wanted, reader: Principal | None) -> Feed:
    """Raises:
    Unauthenticated: `following` needs somebody who follows.
    """
    query: Document = {"account_id": wanted.account_id, "state": "visible"}
    if wanted.board_id:
        query["board_id"] = wanted.board_id
    if wanted.topic:
        query["topics"] = topic_key(wanted.topic)
    if wanted.author_id:
        query["author_id"] = wanted.author_id
    match wanted.feed:
        case "latest":
            return Feed(query)
        case "hot":
            return Feed(query, "heat")
        case "featured" | "pinned":
            key = f"{wanted.feed}_at"
            return Feed(query | {key: {"$type": "date"}}, key)
        case "following":
            return Feed({"$and": [query, await _followed(database, reader)]})


async def _followed(database: Database, reader: Principal | None) -> Document:
    if reader is None:
        raise Unauthenticated
    follows = database["follows"].find({"member_id": reader.subject, "active": True}).sort([("at", -1)])
    rows = await follows.to_list(MOST_FOLLOWED)
    members = [row["followed_id"] for row in rows if row["followed_kind"] == "member"]
    topics = [row["followed_id"] for row in rows if row["followed_kind"] == "topic"]
    posts = [row["followed_id"] for row in rows if row["followed_kind"] == "post"]
    return {"$or": [{"author_id": {"$in": members}}, {"topics": {"$in": topics}}, {"_id": {"$in": posts}}]}
