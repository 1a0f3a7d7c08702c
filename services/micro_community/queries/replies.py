"""Replies of a post, each with the first few of its thread, and whole threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.web import Page
from services.micro_community.domain.growth import level_of
from services.micro_community.domain.member import MODERATOR, Member
from services.micro_community.domain.reply import Reply
from services.micro_community.domain.rules import Rules
from services.micro_community.domain.text import excerpt
from services.micro_community.queries.pages import behind, cut
from services.micro_community.queries.people import authors
from services.micro_community.queries.posts import Reading, require
from services.micro_community.queries.shown import shown_of
from services.micro_community.queries.viewer import Viewer, liked, viewer_of
from services.micro_community.queries.views import Surroundings, articles, links_of, pictures_of
from services.micro_community.schemas.common import AuthorView
from services.micro_community.schemas.replies import OwnReplyPage, OwnReplyView, ReplyPage, ReplyView

PREVIEW = 3
UNSHOWN = {"unsent": 0, "fingerprint": 0}
ROOT = {"state": 1, "post_id": 1}


@dataclass(frozen=True)
class Part:
    """Which part of the replies: behind the page's cursor, or from a floor on."""

    page: Page
    newest_first: bool = False
    from_floor: int | None = None


async def of_post(database: Database, post_id: str, reading: Reading, part: Part) -> ReplyPage:
    """Replies to the post itself. The post must have been found to be visible."""
    viewer = await viewer_of(database, reading.reader)
    return await _page(database, await _steps(database, post_id, viewer, part), reading, viewer, part.page)


async def for_everybody(database: Database, post_id: str, part: Part) -> Found:
    """What a guest sees of the replies to a visible post."""
    viewer = Viewer()
    return await _gather(database, await _steps(database, post_id, viewer, part), viewer, part.page)


async def _steps(database: Database, post_id: str, viewer: Viewer, part: Part) -> list[Document]:
    direction = -1 if part.newest_first else 1
    return [
        {"$match": {"thread_id": post_id, **_seen(viewer), **await _from(database, post_id, part)}},
        {"$sort": {"created_at": direction, "_id": direction}},
        {"$limit": part.page.limit + 1},
        {"$project": UNSHOWN},
        {"$lookup": _threads(viewer)},
    ]


async def of_thread(database: Database, root_id: str, reading: Reading, page: Page) -> ReplyPage:
    """All of a thread, oldest first. Raises NotFound."""
    root = await database["replies"].find_one({"_id": root_id, "account_id": reading.account_id}, ROOT)
    if root is None or root["state"] == "waiting":
        raise NotFound
    await require(database, root["post_id"], reading)
    viewer = await viewer_of(database, reading.reader)
    steps: list[Document] = [
        {"$match": {"thread_id": root_id, **_seen(viewer), **behind(page, newest_first=False)}},
        {"$sort": {"created_at": 1, "_id": 1}},
        {"$limit": page.limit + 1},
        {"$project": UNSHOWN},
    ]
    return await _page(database, steps, reading, viewer, page)


async def own(database: Database, reading: Reading, page: Page) -> OwnReplyPage:
    """The reader's own replies in every state but deleted, newest first."""
    viewer = await viewer_of(database, reading.reader)
    steps: list[Document] = [
        {"$match": {"author_id": reading.member_id, "state": {"$ne": "deleted"}, **behind(page)}},
        {"$sort": {"created_at": -1, "_id": -1}},
        {"$limit": page.limit + 1},
        {"$project": UNSHOWN},
    ]
    found = await _gather(database, steps, viewer, page)
    likes = await liked(database, viewer, found.ids)
    posts = await _excerpts(database, {row["post_id"] for row in found.rows}, reading.member_id)
    items = [
        _own(row, _drawn(row, found.around, likes, reading.rules, whole=True), posts.get(row["post_id"]))
        for row in found.rows
    ]
    return OwnReplyPage(items=items, next_cursor=found.next_cursor)


async def _excerpts(database: Database, post_ids: set[str], member_id: str) -> dict[str, str]:
    """Of the posts that the member may see, what each begins with."""
    seen: list[Document] = [{"state": "visible"}, {"author_id": member_id, "state": {"$ne": "deleted"}}]
    query = {"_id": {"$in": sorted(post_ids)}, "$or": seen}
    rows = database["posts"].find(query, {"title": 1, "text": 1, "pictures.picture_id": 1})
    return {row["_id"]: excerpt(row["title"] or row["text"], pictured=bool(row.get("pictures"))) async for row in rows}


def _own(row: Document, drawn: dict[str, Any], post_excerpt: str | None = None) -> OwnReplyView:
    return OwnReplyView(
        **drawn,
        held_for=list(row.get("held_for", ())) if row["state"] == "waiting" else [],
        removed_for=row.get("removed_for") if row["state"] == "removed" else None,
        post_excerpt=post_excerpt,
    )


async def one(database: Database, reply_id: str, reading: Reading) -> ReplyView:
    """A single reply, with its text whatever its state: for moderators. Raises NotFound."""
    row = await database["replies"].find_one({"_id": reply_id, "account_id": reading.account_id}, UNSHOWN)
    if row is None or not reading.moderates:
        raise NotFound
    people = await authors(database, [row["author_id"], row["answered_id"], *row.get("mentions", ())])
    return view(row, Surroundings(people), frozenset(), reading.rules, whole=True)


def _seen(viewer: Viewer) -> Document:
    """What is visible, what has a thread that goes on, and what the reader has waiting."""
    seen: list[Document] = [{"state": "visible"}, {"thread_replies": {"$gt": 0}}]
    if viewer.member_id is not None:
        seen.append({"state": "waiting", "author_id": viewer.member_id})
    return {"$and": [{"$or": seen}]}


async def _from(database: Database, post_id: str, part: Part) -> Document:
    if part.from_floor is None or part.page.after is not None:
        return behind(part.page, newest_first=part.newest_first)
    query = {"thread_id": post_id, "floor": {"$gte": part.from_floor}}
    first = await database["replies"].find_one(query, {"created_at": 1}, sort=[("floor", 1)])
    # Nothing from that floor on: the end of the list.
    return {"created_at": {"$gte": first["created_at"]}} if first else {"_id": None}


def _threads(viewer: Viewer) -> Document:
    first = [
        {"$match": _seen(viewer)},
        {"$sort": {"created_at": 1, "_id": 1}},
        {"$limit": PREVIEW},
        {"$project": UNSHOWN},
    ]
    return {"from": "replies", "localField": "_id", "foreignField": "thread_id", "pipeline": first, "as": "first"}


async def _page(database: Database, steps: list[Document], reading: Reading, viewer: Viewer, page: Page) -> ReplyPage:
    found = await _gather(database, steps, viewer, page)
    own = await liked(database, viewer, found.ids)
    items = [view(row, found.around, own, reading.rules) for row in found.rows]
    return ReplyPage(items=items, next_cursor=found.next_cursor)


@dataclass(frozen=True)
class Found:
    """A page of replies before it is drawn: rows with their threads, and who is in them."""

    rows: list[Document]
    around: Surroundings
    next_cursor: str | None
    ids: list[str]
    """Of all that is shown."""


async def _gather(database: Database, steps: list[Document], viewer: Viewer, page: Page) -> Found:
    rows, next_cursor = cut(await database["replies"].aggregate(steps).to_list(None), page.limit)
    for row in rows:
        row["first"] = [reply for reply in row.get("first", ()) if viewer.wants(reply)]
    wished = [row for row in rows if viewer.wants(row)]
    shown = [*wished, *(reply for row in wished for reply in row["first"])]
    ids = [one for row in shown for one in (row["author_id"], row["answered_id"], *row.get("mentions", ()))]
    people = await authors(database, ids)
    await _drop_quotes(database, shown, viewer)
    known = await articles(database, shown[0]["account_id"], [row["text"] for row in shown]) if shown else {}
    around = Surroundings(people, articles=known)
    return Found(wished, around, next_cursor, [row["_id"] for row in shown])


async def _drop_quotes(database: Database, rows: list[Document], viewer: Viewer) -> None:
    """A quote is gone when what it quotes is gone, or not wanted by the reader."""
    quoting = [row for row in rows if row.get("quoted")]
    shown = await shown_of(database, "replies", (row["parent_reply_id"] for row in quoting))
    for row in quoting:
        if row["parent_reply_id"] not in shown or not viewer.wants_quote(row):
            row["quoted"] = None


def view(row: Document, around: Surroundings, own: frozenset[str], rules: Rules, *, whole: bool = False) -> ReplyView:
    """`whole`: with its text, whatever its state."""
    return ReplyView(**_drawn(row, around, own, rules, whole=whole))


def _drawn(row: Document, around: Surroundings, own: frozenset[str], rules: Rules, *, whole: bool) -> dict[str, Any]:
    people, kept = around.people, whole or row["state"] in ("visible", "waiting")
    answered = row["answered_id"] if row["root_id"] else None
    same = ("post_id", "root_id", "parent_reply_id", "state", "created_at", "floor", "thread_replies")
    return {
        "reply_id": row["_id"],
        "answered": people[answered] if answered else None,
        "author": people[row["author_id"]],
        "text": row["text"] if kept else "",
        "quoted": row.get("quoted") if kept else None,
        "pictures": pictures_of(row) if kept else [],
        "links": links_of(row["text"], rules, around.articles) if kept else [],
        "mentions": [people[member_id] for member_id in row.get("mentions", ())] if kept else [],
        "like_count": row.get("likes", 0),
        "liked": row["_id"] in own,
        "thread": [view(reply, around, own, rules) for reply in row.get("first", ())],
        **{name: row[name] for name in same},
    }


async def of_new(database: Database, reply: Reply, author: Member, rules: Rules) -> OwnReplyView:
    """A reply that was just written: what is known already is not read again."""
    people = await authors(database, [reply.answered_id, *reply.mentions])
    people[author.member_id] = AuthorView(
        member_id=author.member_id,
        nickname=author.shown_name,
        avatar_url=author.avatar_url,
        moderator=MODERATOR in author.roles,
        level=level_of(author.points),
    )
    row = {"_id": reply.reply_id, "floor": None, "thread_replies": 0, **vars(reply)}
    row["pictures"] = [vars(picture) for picture in reply.pictures]
    return _own(row, _drawn(row, Surroundings(people), frozenset(), rules, whole=False))
