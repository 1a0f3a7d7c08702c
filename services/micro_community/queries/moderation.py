"""What moderators look at: the queue, reports, who is muted."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from kit.mongo import Database, Document
from kit.web import Page
from services.micro_community.domain.moderation import REASONS
from services.micro_community.queries.pages import behind, cut
from services.micro_community.queries.people import author, authors
from services.micro_community.queries.places import NOWHERE, places_of
from services.micro_community.queries.views import pictures_of
from services.micro_community.schemas.moderation import (
    MutedPage,
    MutedView,
    ReportPage,
    ReportView,
    WaitingCount,
    WaitingPage,
    WaitingView,
)

MOST_COUNTED = 100


async def waiting(database: Database, account_id: str, kind: Literal["post", "reply"], page: Page) -> WaitingPage:
    """The oldest first: who waits longest is served first."""
    name = "posts" if kind == "post" else "replies"
    query: Document = {"account_id": account_id, "state": "waiting", **behind(page, newest_first=False)}
    cursor = database[name].find(query).sort([("created_at", 1), ("_id", 1)])
    rows, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit)
    people = await authors(database, (row["author_id"] for row in rows))
    places = await places_of(database, (row["_id"] for row in rows)) if kind == "reply" else {}
    items = [
        WaitingView(
            target_kind=kind,
            target_id=row["_id"],
            post_id=row["_id"] if kind == "post" else row["post_id"],
            author=people[row["author_id"]],
            title=row.get("title"),
            text=row["text"],
            pictures=len(row.get("pictures", ())),
            shown_pictures=pictures_of(row),
            poll_options=(row.get("poll") or {}).get("options", []),
            publish_at=row.get("publish_at"),
            held_for=list(row["held_for"]),
            created_at=row["created_at"],
            version=row["aggver"],
            **vars(places.get(row["_id"], NOWHERE)),
        )
        for row in rows
    ]
    return WaitingPage(items=items, next_cursor=next_cursor)


async def reports(database: Database, account_id: str, state: str, page: Page) -> ReportPage:
    """The newest first."""
    query: Document = {"account_id": account_id, "state": state, **behind(page, key="filed_at")}
    cursor = database["reports"].find(query).sort([("filed_at", -1), ("_id", -1)])
    rows, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit, "filed_at")
    people = await authors(database, (row["reporter_id"] for row in rows))
    places = await places_of(database, (row["target_id"] for row in rows if row["target_kind"] == "reply"))
    same = ("target_kind", "target_id", "post_id", "reason", "note", "excerpt", "state", "filed_at")
    items = [
        ReportView(
            report_id=row["_id"],
            reporter=people[row["reporter_id"]],
            reason_text=REASONS[row["reason"]],
            **vars(places.get(row["target_id"], NOWHERE)),
            **{name: row[name] for name in same},
        )
        for row in rows
    ]
    return ReportPage(items=items, next_cursor=next_cursor)


async def muted(
    database: Database, account_id: str, kind: Literal["muted", "banned"], now: datetime, page: Page
) -> MutedPage:
    """Who may not write for a time, the longest first; or for good, the latest first."""
    key = "muted_until" if kind == "muted" else "banned_at"
    running: Document = {"$type": "date"} | ({"$gt": now} if kind == "muted" else {})
    query: Document = {"$and": [{"account_id": account_id, key: running, "left_at": None}, behind(page, key=key)]}
    cursor = database["members"].find(query).sort([(key, -1), ("_id", -1)])
    rows, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit, key)
    items = [MutedView(member=author(row), until=row.get("muted_until"), reason=row.get("mute_reason")) for row in rows]
    return MutedPage(items=items, next_cursor=next_cursor)


async def waiting_count(database: Database, account_id: str) -> WaitingCount:
    """How much there is to decide, up to `MOST_COUNTED`."""
    count = 0
    for name, state in (("posts", "waiting"), ("replies", "waiting"), ("reports", "open")):
        if count < MOST_COUNTED:
            query = {"account_id": account_id, "state": state}
            count += await database[name].count_documents(query, limit=MOST_COUNTED - count)
    return WaitingCount(waiting=count)
