"""What moderators look at: the queue, reports, the log of acts."""

from __future__ import annotations

from typing import Literal

from kit.mongo import Database, Document
from kit.web import Page
from services.micro_community.domain.moderation import REASONS
from services.micro_community.queries.pages import behind, cut
from services.micro_community.queries.people import authors
from services.micro_community.queries.views import pictures_of
from services.micro_community.schemas.moderation import (
    ActPage,
    ActView,
    ReportPage,
    ReportView,
    WaitingPage,
    WaitingView,
)


async def waiting(database: Database, account_id: str, kind: Literal["post", "reply"], page: Page) -> WaitingPage:
    """The oldest first: who waits longest is served first."""
    name = "posts" if kind == "post" else "replies"
    query: Document = {"account_id": account_id, "state": "waiting", **behind(page, newest_first=False)}
    cursor = database[name].find(query).sort([("created_at", 1), ("_id", 1)])
    rows, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit)
    people = await authors(database, (row["author_id"] for row in rows))
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
    same = ("target_kind", "target_id", "post_id", "reason", "note", "excerpt", "state", "filed_at")
    items = [
        ReportView(
            report_id=row["_id"],
            reporter=people[row["reporter_id"]],
            reason_text=REASONS[row["reason"]],
            **{name: row[name] for name in same},
        )
        for row in rows
    ]
    return ReportPage(items=items, next_cursor=next_cursor)


async def acts(database: Database, account_id: str, page: Page) -> ActPage:
    """The log, newest first."""
    query: Document = {"account_id": account_id, **behind(page, key="at")}
    cursor = database["acts"].find(query).sort([("at", -1), ("_id", -1)])
    rows, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit, "at")
    same = ("deed", "target_kind", "target_id", "reason", "at")
    items = [
        ActView(
            act_id=row["_id"],
            by_kind=row["by"]["kind"],
            by_id=row["by"]["actor_id"],
            by_name=row["by"]["name"],
            **{name: row[name] for name in same},
        )
        for row in rows
    ]
    return ActPage(items=items, next_cursor=next_cursor)
