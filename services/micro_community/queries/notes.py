"""A member's drafts."""

from __future__ import annotations

from kit.mongo import Database
from services.micro_community.schemas.people import DraftList, DraftView


async def drafts(database: Database, member_id: str) -> DraftList:
    """The latest first."""
    rows = await database["drafts"].find({"member_id": member_id}).sort([("at", -1), ("_id", -1)]).to_list(100)
    return DraftList(items=[DraftView(slot=row["slot"], content=row["content"], at=row["at"]) for row in rows])
