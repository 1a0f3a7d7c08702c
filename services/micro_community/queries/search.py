"""Search: every word of the question must be there; newest pages first, and within a page the most hits."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from kit.mongo import Database, Document
from kit.web import Page
from services.micro_community.domain.topics import topic_key
from services.micro_community.ports import SearchTokens
from services.micro_community.queries.pages import behind, cut
from services.micro_community.queries.posts import UNSHOWN, Reading
from services.micro_community.queries.viewer import viewer_of
from services.micro_community.queries.views import post_views
from services.micro_community.schemas.posts import FoundPage, FoundView

MOST_HITS = 50
PROBED = 200
"""So far behind the newest entry of a word it is looked how common the word is."""
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Question:
    text: str
    board_id: str | None = None
    topic: str | None = None
    author_id: str | None = None
    since: datetime | None = None
    pictured: bool | None = None


async def find(database: Database, question: Question, reading: Reading, page: Page, tokens: SearchTokens) -> FoundPage:
    """Posts that have all of it."""
    wanted = tokens.of_question(question.text)
    if not wanted:
        return FoundPage(items=[], next_cursor=None)
    wanted, bound = await _bounded(database, reading.account_id, wanted)
    query: Document = {"$and": [_query(question, reading.account_id, wanted), bound, behind(page)]}
    cursor = database["search"].find(query, {"created_at": 1}).sort([("created_at", -1), ("_id", -1)])
    entries, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit)
    ids = [entry["_id"] for entry in entries]
    rows = await database["posts"].find({"_id": {"$in": ids}, "state": "visible"}, UNSHOWN).to_list(None)
    viewer = await viewer_of(database, reading.reader)
    wished = [row for row in rows if viewer.wants(row)]
    views = await post_views(database, reading.account_id, wished, viewer, reading.rules)
    words = pattern_of(question.text)
    found = [
        FoundView(post=view, title_hits=hits(words, view.title or ""), text_hits=hits(words, view.text))
        for view in views
    ]
    # A title counts as much as three mentions in the text; at equal hits the newer stands first.
    found.sort(key=lambda one: one.post.created_at, reverse=True)
    found.sort(key=lambda one: 3 * len(one.title_hits) + len(one.text_hits), reverse=True)
    return FoundPage(items=found, next_cursor=next_cursor)


@dataclass(frozen=True)
class _Spread:
    """Of a word's entries: when the one was created that is `PROBED` behind the newest, and when the oldest was."""

    reach: datetime
    oldest: datetime
    word: str


async def _spread(database: Database, account_id: str, word: str) -> _Spread:
    """From the index alone, and it costs the same however common the word is."""
    of_word = {"account_id": account_id, "tokens": word}, {"_id": 0, "created_at": 1}

    async def created(order: int, skipped: int) -> datetime | None:
        rows = database["search"].find(*of_word).sort([("created_at", order), ("_id", order)])
        found = await rows.skip(skipped).limit(1).to_list(1)
        return found[0]["created_at"] if found else None

    reach, oldest = await asyncio.gather(created(-1, PROBED), created(1, 0))
    return _Spread(reach or EARLIEST, oldest or LATEST, word)


async def _bounded(database: Database, account_id: str, wanted: list[str]) -> tuple[list[str], Document]:
    """The words, that one first whose newest entries reach back furthest: it bounds the index, and had better be rare
    there. And the time before which no post can have them all: what was common long ago need not be gone through."""
    if len(wanted) == 1:
        return wanted, {}
    spreads = await asyncio.gather(*(_spread(database, account_id, word) for word in wanted))
    since = max(spread.oldest for spread in spreads)
    return [spread.word for spread in sorted(spreads, key=lambda one: one.reach)], {"created_at": {"$gte": since}}


def _query(question: Question, account_id: str, wanted: list[str]) -> Document:
    query: Document = {"account_id": account_id, "tokens": {"$all": wanted}}
    if question.board_id:
        query["board_id"] = question.board_id
    if question.topic:
        query["topics"] = topic_key(question.topic)
    if question.author_id:
        query["author_id"] = question.author_id
    if question.pictured is not None:
        query["pictured"] = question.pictured
    if question.since:
        since = min(max(question.since, EARLIEST), LATEST)
        return {"$and": [query, {"created_at": {"$gte": since}}]}
    return query


def pattern_of(question: str) -> re.Pattern[str]:
    """The words of the question as they stand, in any case."""
    words = sorted(set(question.split()), key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in words) or r"(?!)", re.IGNORECASE)


def hits(words: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [found.span() for found in words.finditer(text)][:MOST_HITS]
