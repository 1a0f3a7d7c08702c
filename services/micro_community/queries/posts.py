"""Lists of posts, and one post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.auth import Principal
from kit.mongo import Database, Document
from kit.refusal import NotFound, Unauthenticated
from kit.web import Page
from services.micro_community.domain.rules import Rules
from services.micro_community.queries.feeds import Wanted, feed_of
from services.micro_community.queries.following import following
from services.micro_community.queries.pages import behind, cut
from services.micro_community.queries.people import authors
from services.micro_community.queries.viewer import viewer_of
from services.micro_community.queries.views import post_views
from services.micro_community.schemas.people import PeopleView
from services.micro_community.schemas.posts import JudgedPostView, PostPage, PostView, RevisionList, RevisionView

UNSHOWN = {"unsent": 0, "fingerprint": 0, "revisions": 0}


@dataclass(frozen=True)
class Reading:
    """Who reads in which community, under which rules. `moderates`: sees what is not public."""

    account_id: str
    reader: Principal | None
    rules: Rules
    moderates: bool = False

    @property
    def member_id(self) -> str:
        """Where only members come."""
        assert self.reader is not None
        return self.reader.subject


async def listing(database: Database, wanted: Wanted, reading: Reading, page: Page) -> PostPage:
    """A page of a feed. What the reader blocked or muted is left out, so a page may be short."""
    viewer = await viewer_of(database, reading.reader)
    rows, next_cursor = await rows_of(database, wanted, reading.reader, page)
    wished = [row for row in rows if viewer.wants(row)]
    items = await post_views(database, reading.account_id, wished, viewer, reading.rules)
    return PostPage(items=items, next_cursor=next_cursor)


async def rows_of(
    database: Database, wanted: Wanted, reader: Principal | None, page: Page
) -> tuple[list[Document], str | None]:
    """Raises:
    Unauthenticated: `following` needs somebody who follows.
    """
    feed = feed_of(wanted)
    if wanted.feed == "following":
        if reader is None:
            raise Unauthenticated
        return await following(database, feed.query, reader.subject, page, UNSHOWN)
    query = {"$and": [feed.query, behind(page, key=feed.key)]} if page.after else feed.query
    # A limit in the query itself lets the server stop early; a page is small.
    cursor = database["posts"].find(query, UNSHOWN).sort([(feed.key, -1), ("_id", -1)]).limit(page.limit + 1)
    return cut(await cursor.to_list(None), page.limit, feed.key)


async def one(database: Database, post_id: str, reading: Reading) -> PostView:
    """Raises NotFound."""
    row = await require(database, post_id, reading)
    viewer = await viewer_of(database, reading.reader)
    return (await post_views(database, reading.account_id, [row], viewer, reading.rules))[0]


async def judged(database: Database, post_id: str, reading: Reading) -> JudgedPostView:
    """One, and which version of it this is. Raises NotFound."""
    row = await require(database, post_id, reading)
    viewer = await viewer_of(database, reading.reader)
    [view] = await post_views(database, reading.account_id, [row], viewer, reading.rules)
    return JudgedPostView(**vars(view), version=row["aggver"])


async def require(database: Database, post_id: str, reading: Reading) -> Document:
    """The post's row, if the reader may see it. Raises NotFound."""
    row = await database["posts"].find_one({"_id": post_id, "account_id": reading.account_id}, UNSHOWN)
    if row is None or not (row["state"] == "visible" or reading.moderates or _own(row, reading.reader)):
        raise NotFound
    return row


async def own(database: Database, reading: Reading, page: Page) -> PostPage:
    """The reader's own posts in every state but deleted, newest first."""
    assert reading.reader is not None
    query: Document = {"author_id": reading.reader.subject, "state": {"$ne": "deleted"}, **behind(page)}
    rows, next_cursor = cut(await _newest(database, query, page.limit), page.limit)
    viewer = await viewer_of(database, reading.reader)
    items = await post_views(database, reading.account_id, rows, viewer, reading.rules)
    return PostPage(items=items, next_cursor=next_cursor)


async def favourites(database: Database, reading: Reading, page: Page) -> PostPage:
    """What the reader keeps, the latest kept first; what is not shown any more is left out."""
    assert reading.reader is not None
    query: Document = {"member_id": reading.reader.subject, "active": True, **behind(page, key="at")}
    cursor = database["favourites"].find(query).sort([("at", -1), ("_id", -1)])
    marks, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit, "at")
    ids = [mark["post_id"] for mark in marks]
    found = database["posts"].find({"_id": {"$in": ids}, "state": "visible"}, UNSHOWN)
    rows = {row["_id"]: row async for row in found}
    viewer = await viewer_of(database, reading.reader)
    kept = [rows[post_id] for post_id in ids if post_id in rows and viewer.wants(rows[post_id])]
    items = await post_views(database, reading.account_id, kept, viewer, reading.rules)
    return PostPage(items=items, next_cursor=next_cursor)


async def revisions(database: Database, post_id: str, reading: Reading) -> RevisionList:
    """What the post said before, oldest first. Raises NotFound."""
    await require(database, post_id, reading)
    row: Any = await database["posts"].find_one({"_id": post_id}, {"revisions": 1})
    names = ("title", "text", "until")
    items = [RevisionView(**{name: revision[name] for name in names}) for revision in row.get("revisions", ())]
    return RevisionList(items=items)


async def likers(database: Database, target_id: str, page: Page) -> PeopleView:
    """Who likes it, the latest first."""
    query: Document = {"target_id": target_id, "active": True, **behind(page, key="at")}
    cursor = database["likes"].find(query).sort([("at", -1), ("_id", -1)])
    rows, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit, "at")
    people = await authors(database, (row["member_id"] for row in rows))
    return PeopleView(items=[people[row["member_id"]] for row in rows], next_cursor=next_cursor)


async def _newest(database: Database, query: Document, limit: int) -> list[Document]:
    cursor = database["posts"].find(query, UNSHOWN).sort([("created_at", -1), ("_id", -1)])
    return await cursor.limit(limit + 1).to_list(None)


def _own(row: Document, reader: Principal | None) -> bool:
    return reader is not None and row["author_id"] == reader.subject and row["state"] != "deleted"
