"""Where replies stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit.mongo import Database, Document

STANDING = {"root_id": 1, "floor": 1}


@dataclass(frozen=True)
class Place:
    """The floor to go to: the reply's own, or that of the thread that it belongs to (`root_id`)."""

    floor: int | None = None
    root_id: str | None = None


NOWHERE = Place()


async def places_of(database: Database, reply_ids: Iterable[str | None]) -> dict[str, Place]:
    """By reply id. A floor is None while a reply has none."""
    found = await _standing(database, reply_ids)
    roots = await _standing(database, (row["root_id"] for row in found.values()))
    return {
        reply_id: Place(roots.get(row["root_id"], {}).get("floor") if row["root_id"] else row["floor"], row["root_id"])
        for reply_id, row in found.items()
    }


async def _standing(database: Database, reply_ids: Iterable[str | None]) -> dict[str, Document]:
    wanted = sorted({reply_id for reply_id in reply_ids if reply_id})
    if not wanted:
        return {}
    return {row["_id"]: row async for row in database["replies"].find({"_id": {"$in": wanted}}, STANDING)}
