"""A member's drafts."""

from __future__ import annotations

from datetime import datetime

from kit.mongo import Database, Document
from services.micro_community.domain.picture import USABLE_FOR, PictureSize
from services.micro_community.queries.people import authors
from services.micro_community.schemas.common import AuthorView, PictureView
from services.micro_community.schemas.people import DraftList, DraftView


async def drafts(database: Database, member_id: str, now: datetime) -> DraftList:
    """The latest first."""
    rows = await database["drafts"].find({"member_id": member_id}).sort([("at", -1), ("_id", -1)]).to_list(100)
    pictures = await _usable(database, member_id, _named(rows, "picture_ids"), now)
    people = await authors(database, _named(rows, "mentions"))
    return DraftList(items=[_view(row, pictures, people) for row in rows])


def _named(rows: list[Document], field: str) -> list[str]:
    return [one for row in rows for one in row["content"].get(field, ())]


async def _usable(database: Database, member_id: str, ids: list[str], now: datetime) -> dict[str, PictureView]:
    """Those that the member may still use, by id."""
    if not ids:
        return {}
    query = {"_id": {"$in": ids}, "member_id": member_id, "shown": None, "uploaded_at": {"$gt": now - USABLE_FOR}}
    found = await database["pictures"].find(query, {"account_id": 1, "width": 1, "height": 1}).to_list(None)
    return {row["_id"]: _picture(row) for row in found}


def _picture(row: Document) -> PictureView:
    return PictureView.of(row["account_id"], PictureSize(row["_id"], row["width"], row["height"]))


def _view(row: Document, pictures: dict[str, PictureView], people: dict[str, AuthorView]) -> DraftView:
    content = row["content"]
    usable = [pictures[one] for one in content.get("picture_ids", ()) if one in pictures]
    named = [people[one] for one in content.get("mentions", ())]
    return DraftView(slot=row["slot"], content=content, pictures=usable, mentions=named, at=row["at"])
