"""What a member follows, the latest first, as a list to look through and to clear out."""

from __future__ import annotations

from contracts.micro_community import FollowedKind
from kit.mongo import Database, Document
from kit.web import Page
from services.micro_community.queries.pages import behind, cut
from services.micro_community.queries.people import authors
from services.micro_community.queries.posts import Reading
from services.micro_community.queries.viewer import viewer_of
from services.micro_community.queries.views import quotes
from services.micro_community.schemas.posts import FollowPage, FollowView


async def follows(database: Database, reading: Reading, kind: FollowedKind, page: Page) -> FollowPage:
    """Of one kind. A post that is not shown any more stays in the list: it can still be unfollowed."""
    query: Document = {"member_id": reading.member_id, "followed_kind": kind, "active": True}
    cursor = database["follows"].find({**query, **behind(page, key="at")}).sort([("at", -1), ("_id", -1)])
    rows, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit, "at")
    items = [FollowView(kind=kind, followed_id=row["followed_id"], at=row["at"]) for row in rows]
    ids = [item.followed_id for item in items]
    if kind == "member":
        people = await authors(database, ids)
        for item in items:
            item.member = people[item.followed_id]
    elif kind == "post":
        viewer = await viewer_of(database, reading.reader)
        shown = await quotes(database, reading.account_id, ids, viewer)
        for item in items:
            item.post = shown[item.followed_id]
    return FollowPage(items=items, next_cursor=next_cursor)
