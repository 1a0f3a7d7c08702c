"""Which posts a feed has, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from kit.mongo import Document
from services.micro_community.domain.topics import topic_key

FeedName: TypeAlias = Literal["latest", "hot", "featured", "pinned", "following"]


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


def feed_of(wanted: Wanted) -> Feed:
    """The filter of a feed; of `following`, what it is narrowed by."""
    query: Document = {"account_id": wanted.account_id, "state": "visible"}
    if wanted.board_id:
        query["board_id"] = wanted.board_id
    if wanted.topic:
        query["topics"] = topic_key(wanted.topic)
    if wanted.author_id:
        query["author_id"] = wanted.author_id
    match wanted.feed:
        case "hot":
            return Feed(query, "heat")
        case "featured" | "pinned":
            key = f"{wanted.feed}_at"
            return Feed(query | {key: {"$type": "date"}}, key)
        case _:
            return Feed(query)
