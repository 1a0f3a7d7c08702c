"""Pages that many read at the same time: read from the database and drawn once for all of them.

Nothing is kept: a page is shared only by those who asked for it before it was read (`kit.together`), so it is as new
as if each had read it alone. What is the reader's own (likes, unread) is looked up for each and set into the page.
Who blocked or muted something, or has a reply waiting, gets a page drawn for them alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from kit.ids import derived_id
from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.together import Together, finding, sharing
from kit.web import Page
from services.micro_community.domain.rules import Rules
from services.micro_community.queries import posts, replies
from services.micro_community.queries.feeds import Wanted
from services.micro_community.queries.posts import Reading
from services.micro_community.queries.replies import Found, Part
from services.micro_community.queries.viewer import Mine, Viewer, mine_of, viewer_from
from services.micro_community.queries.views import post_view, surroundings
from services.micro_community.schemas.common import AuthorView
from services.micro_community.schemas.posts import MineView

GUEST = Viewer()
UNTOUCHED = MineView(author=False, liked=False, favourited=False, followed=False, read_floor=None, unread=0)
UNTOUCHED_TEXT = UNTOUCHED.model_dump_json()


@dataclass(frozen=True)
class FeedQuestion:
    wanted: Wanted
    page: Page
    rules: Rules = field(compare=False)


@dataclass(frozen=True)
class PostQuestion:
    account_id: str
    post_id: str
    part: Part
    with_post: bool
    rules: Rules = field(compare=False)


@dataclass(frozen=True)
class DrawnPosts:
    """Posts as everybody sees them."""

    rows: list[Document]
    people: dict[str, AuthorView]
    quoted: dict[str, Document]
    rules: Rules
    next_cursor: str | None = None

    @cached_property
    def drawn(self) -> list[str]:
        """Each but for its last brace and what is the reader's."""
        return [self._draw(row, Mine(GUEST))[:-1] for row in self.rows]

    def texts(self, own: Mine) -> Iterable[str]:
        """Each with what is the reader's."""
        for row, text in zip(self.rows, self.drawn, strict=True):
            if own.viewer.member_id is None:
                yield text + ',"mine":null}'
                continue
            # What the reader chose stands within the poll.
            whole = self._draw(row, own)[:-1] if row["_id"] in own.choices else text
            yield f'{whole},"mine":{_mine_text(row, own)}}}'

    def _draw(self, row: Document, own: Mine) -> str:
        return post_view(row, self.people, self.quoted, own, self.rules).model_dump_json(exclude={"mine"})


@dataclass(frozen=True)
class DrawnReplies:
    """A part of a post's replies as everybody sees it, with the post if that was asked for."""

    found: Found
    post: DrawnPosts | None
    rules: Rules

    @cached_property
    def drawn(self) -> list[str]:
        return [self._draw(row, frozenset()) for row in self.found.rows]

    def texts(self, liked: frozenset[str]) -> list[str]:
        """With the reader's likes."""
        if not liked:
            return self.drawn
        return [
            self._draw(row, liked) if liked & {row["_id"], *(one["_id"] for one in row["first"])} else text
            for row, text in zip(self.found.rows, self.drawn, strict=True)
        ]

    def _draw(self, row: Document, liked: frozenset[str]) -> str:
        return replies.view(row, self.found.people, liked, self.rules).model_dump_json()


class SharedPages:
    """Of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._members = finding(database["members"])
        self._feeds: Together[FeedQuestion, DrawnPosts] = sharing(self._draw_feed)
        self._parts: Together[PostQuestion, DrawnReplies] = sharing(self._draw_part)
        self._mine: Together[tuple[Viewer, list[Document]], Mine] = Together(lambda asked: mine_of(database, asked))
        self._likes: Together[tuple[str, ...], frozenset[str]] = Together(self._found_likes)
        self._waiting: Together[tuple[str, str], bool] = Together(self._have_waiting)

    async def feed(self, wanted: Wanted, reading: Reading, page: Page) -> str:
        """A page of a feed, as JSON."""
        viewer = await self._viewer(reading)
        if viewer is None or wanted.feed == "following":
            return (await posts.listing(self._database, wanted, reading, page)).model_dump_json()
        shared = await self._feeds(FeedQuestion(wanted, page, reading.rules))
        own = await self._own(viewer, shared)
        return _page(shared.texts(own), shared.next_cursor, "")

    async def replies(self, post_id: str, reading: Reading, part: Part, *, with_post: bool) -> str:
        """A part of a post's replies, as JSON. Raises NotFound."""
        viewer = await self._viewer(reading)
        if viewer is not None and viewer.member_id is not None:
            waiting = await self._waiting((reading.account_id, viewer.member_id))
            viewer = None if waiting else viewer
        if viewer is None:
            return await self._part_alone(post_id, reading, part, with_post=with_post)
        question = PostQuestion(reading.account_id, post_id, part, with_post, reading.rules)
        try:
            shared = await self._parts(question)
        except NotFound:
            # What nobody else sees its author may.
            return await self._part_alone(post_id, reading, part, with_post=with_post)
        post = "".join(shared.post.texts(await self._own(viewer, shared.post))) if shared.post else "null"
        items = shared.texts(await self._liked(viewer, shared.found.ids))
        return _page(items, shared.found.next_cursor, f',"post":{post}')

    async def _viewer(self, reading: Reading) -> Viewer | None:
        """None for who must have a page of their own."""
        if reading.moderates:
            return None
        if reading.reader is None:
            return GUEST
        viewer = viewer_from(reading.reader.subject, await self._members(reading.reader.subject) or {})
        return None if viewer.blocked_ids or viewer.muted_words else viewer

    async def _own(self, viewer: Viewer, shared: DrawnPosts) -> Mine:
        return Mine(GUEST) if viewer.member_id is None else await self._mine((viewer, shared.rows))

    async def _liked(self, viewer: Viewer, reply_ids: list[str]) -> frozenset[str]:
        if viewer.member_id is None or not reply_ids:
            return frozenset()
        ids = {derived_id("like", reply_id, viewer.member_id): reply_id for reply_id in reply_ids}
        found = await self._likes(tuple(ids))
        return frozenset(ids[one] for one in found)

    async def _part_alone(self, post_id: str, reading: Reading, part: Part, *, with_post: bool) -> str:
        await posts.require(self._database, post_id, reading)
        found = await replies.of_post(self._database, post_id, reading, part)
        if with_post:
            found.post = await posts.one(self._database, post_id, reading)
        return found.model_dump_json()

    async def _draw_feed(self, question: FeedQuestion) -> DrawnPosts:
        rows, next_cursor = await posts.rows_of(self._database, question.wanted, None, question.page)
        return await self._drawn(question.wanted.account_id, rows, question.rules, next_cursor)

    async def _draw_part(self, question: PostQuestion) -> DrawnReplies:
        row = await posts.require(self._database, question.post_id, Reading(question.account_id, None, question.rules))
        found = await replies.for_everybody(self._database, question.post_id, question.part)
        post = await self._drawn(question.account_id, [row], question.rules) if question.with_post else None
        return DrawnReplies(found, post, question.rules)

    async def _drawn(
        self, account_id: str, rows: list[Document], rules: Rules, next_cursor: str | None = None
    ) -> DrawnPosts:
        people, quoted = await surroundings(self._database, account_id, rows, GUEST)
        return DrawnPosts(rows, people, quoted, rules, next_cursor)

    async def _found_likes(self, asked: list[tuple[str, ...]]) -> list[frozenset[str]]:
        every = [one for ids in asked for one in ids]
        rows = self._database["likes"].find({"_id": {"$in": every}, "active": True}, {"_id": 1})
        found = {row["_id"] async for row in rows}
        return [frozenset(found.intersection(ids)) if found else frozenset() for ids in asked]

    async def _have_waiting(self, asked: list[tuple[str, str]]) -> list[bool]:
        """Which of the members have a reply that waits for a moderator: they see it, others do not."""
        accounts = sorted({account_id for account_id, _ in asked})
        members = sorted({member_id for _, member_id in asked})
        query = {"account_id": {"$in": accounts}, "state": "waiting", "author_id": {"$in": members}}
        found = set(await self._database["replies"].distinct("author_id", query))
        return [member_id in found for _, member_id in asked]


def _mine_text(row: Document, own: Mine) -> str:
    post_id = row["_id"]
    touched = (
        row["author_id"] == own.viewer.member_id
        or post_id in own.liked
        or post_id in own.favourited
        or post_id in own.followed
        or post_id in own.floors
    )
    view = own.of(row) if touched else None
    return view.model_dump_json() if view else UNTOUCHED_TEXT


def _page(items: Iterable[str], next_cursor: str | None, more: str) -> str:
    # A cursor is URL-safe base64: nothing in it needs escaping.
    cursor = f'"{next_cursor}"' if next_cursor else "null"
    return f'{{"items":[{",".join(items)}],"next_cursor":{cursor}{more}}}'
