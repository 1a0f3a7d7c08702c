"""The log of acts, each with what it was about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.mongo import Database, Document
from kit.web import Page
from services.micro_community.domain.text import excerpt
from services.micro_community.queries.pages import behind, cut
from services.micro_community.queries.people import authors
from services.micro_community.queries.places import NOWHERE, Place, places_of
from services.micro_community.schemas.moderation import ActPage, ActView

BEGINNING = {"title": 1, "text": 1, "state": 1, "post_id": 1, "pictures.picture_id": 1}


async def acts(database: Database, account_id: str, page: Page) -> ActPage:
    """The log, newest first."""
    query: Document = {"account_id": account_id, **behind(page, key="at")}
    cursor = database["acts"].find(query).sort([("at", -1), ("_id", -1)])
    rows, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit, "at")
    about = await _content(database, rows)
    places = await places_of(database, (target["_id"] for target in about.values() if "post_id" in target))
    people = await authors(database, (row["target_id"] for row in rows if row["target_kind"] == "member"))
    same = ("deed", "target_kind", "target_id", "reason", "at")
    items = [
        ActView(
            act_id=row["_id"],
            by_kind=row["by"]["kind"],
            by_id=row["by"]["actor_id"],
            by_name=row["by"]["name"],
            member=people.get(row["target_id"]),
            **_target(about.get(row["target_id"]), places),
            **{name: row[name] for name in same},
        )
        for row in rows
    ]
    return ActPage(items=items, next_cursor=next_cursor)


async def _content(database: Database, rows: list[Document]) -> dict[str, Document]:
    """The posts and replies that the acts were about, by the id that the act names; a report's by the report's."""
    reports = await _named(database, "reports", _ids(rows, "report"), {"target_id": 1, "target_kind": 1})
    both = {
        kind: await _named(database, name, [*_ids(rows, kind), *_ids(reports.values(), kind)], BEGINNING)
        for kind, name in (("post", "posts"), ("reply", "replies"))
    }
    of_reports = {
        report_id: both[report["target_kind"]][report["target_id"]]
        for report_id, report in reports.items()
        if report["target_id"] in both[report["target_kind"]]
    }
    return both["post"] | both["reply"] | of_reports


def _ids(rows: Iterable[Document], kind: str) -> list[str]:
    return [row["target_id"] for row in rows if row["target_kind"] == kind]


async def _named(database: Database, collection: str, ids: list[str], names: Document) -> dict[str, Document]:
    if not ids:
        return {}
    return {row["_id"]: row async for row in database[collection].find({"_id": {"$in": sorted(set(ids))}}, names)}


def _target(row: Document | None, places: dict[str, Place]) -> dict[str, Any]:
    if row is None:
        return {}
    is_reply = "post_id" in row
    place = places.get(row["_id"], NOWHERE)
    return {
        "excerpt": excerpt(row.get("title") or row["text"], pictured=bool(row.get("pictures"))),
        "state": row["state"],
        "post_id": row["post_id"] if is_reply else row["_id"],
        "reply_id": row["_id"] if is_reply else None,
        "floor": place.floor,
        "root_id": place.root_id,
    }
