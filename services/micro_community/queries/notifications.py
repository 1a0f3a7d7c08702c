"""A member's notifications."""

from __future__ import annotations

from kit.mongo import Database, Document
from kit.web import CursorInvalid, Page, write_cursor
from services.micro_community.queries.people import authors
from services.micro_community.queries.places import NOWHERE, places_of
from services.micro_community.queries.shown import gone_of
from services.micro_community.queries.unread import unread_count
from services.micro_community.schemas.people import NotificationPage, NotificationView


async def listing(database: Database, member_id: str, page: Page) -> NotificationPage:
    """Newest first."""
    query: Document = {"member_id": member_id}
    match page.after:
        case None:
            pass
        case (int() as seq,) if 0 <= seq < 2**53:
            query["seq"] = {"$lt": seq}
        case _:
            raise CursorInvalid
    rows = await database["notifications"].find(query).sort([("seq", -1)]).limit(page.limit + 1).to_list(None)
    shown = rows[: page.limit]
    actors = await authors(database, (row["actor_id"] for row in shown))
    gone = await gone_of(database, shown)
    places = await places_of(database, (row["reply_id"] for row in shown))
    items = [
        NotificationView(
            notification_id=row["_id"],
            actor=actors[row["actor_id"]] if row["actor_id"] else None,
            excerpt="" if place in gone else row["excerpt"],
            gone=place in gone,
            **vars(places.get(row["reply_id"], NOWHERE)),
            **{name: row[name] for name in ("seq", "kind", "post_id", "reply_id", "at", "read")},
        )
        for place, row in enumerate(shown)
    ]
    next_cursor = write_cursor(shown[-1]["seq"]) if len(rows) > page.limit else None
    return NotificationPage(items=items, next_cursor=next_cursor, unread=await unread_count(database, member_id))
