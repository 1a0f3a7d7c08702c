"""Pages that many read at the same time: read from the database and drawn once for all of them.

Those who ask at the same time share one read (`kit.together`), and what was read is kept for a tenth of a second
(`recent`), though not past a change that this replica made or was told of: who has just written sees it. What is the
reader's own (likes, unread) is looked up for each (`own`) and set into the page.
Who blocked or muted something, or has a reply waiting, gets a page drawn for them alone.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.together import Together, sharing
from kit.web import Page
from services.micro_community.domain.rules import Rules
from services.micro_community.queries import posts, replies
from services.micro_community.queries.feeds import Wanted
from services.micro_community.queries.own import OwnMarks
from services.micro_community.queries.posts import Reading
from services.micro_community.queries.recent import Recent
from services.micro_community.queries.replies import Found, Part
from services.micro_community.queries.viewer import Asked, Mine, Viewer, mine_of
from services.micro_community.queries.views import Surroundings, post_view, surroundings
from services.micro_community.schemas.posts import MineView

GUEST = Viewer()
MOST_WAITED_FOR = 500
_NOTHING = MineView(author=False, liked=False, favourited=False, followed=False, read_floor=None, unread=0)
UNTOUCHED = _NOTHING.model_dump_json().encode()
UNTOUCHED_END = UNTOUCHED + b"}"


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
    around: Surroundings
    rules: Rules
    next_cursor: str | None = None

    @cached_property
    def untouched(self) -> list[bytes]:
        """As a member sees them who has nothing to do with any."""
        return [self._draw(row, Mine(GUEST), UNTOUCHED) for row in self.rows]

    @cached_property
    def for_guests(self) -> list[bytes]:
        return [self._draw(row, Mine(GUEST), b"null") for row in self.rows]

    @cached_property
    def page_for_guests(self) -> bytes:
        return _page(self.for_guests, self.next_cursor)

    @cached_property
    def page_untouched(self) -> bytes:
        return _page(self.untouched, self.next_cursor)

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(row["_id"] for row in self.rows)

    @cached_property
    def polls(self) -> bool:
        return any(row.get("poll") for row in self.rows)

    def page(self, own: Mine) -> bytes:
        """The whole of it as a feed, for a member."""
        drawn = self.drawn(own)
        return self.page_untouched if drawn is self.untouched else _page(drawn, self.next_cursor)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where posts stand, by their own id and by their author's."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(self.rows):
            found[row["_id"]].append(place)
            found[row["author_id"] or ""].append(place)
        return dict(found)

    def drawn(self, own: Mine) -> list[bytes]:
        """Each post as this reader sees it."""
        me = own.viewer.member_id
        if me is None:
            return self.for_guests
        places = {place for one in (me, *own.marked) for place in self.places.get(one, ())}
        if not places:
            return self.untouched
        posts = self.untouched.copy()
        for place in places:
            posts[place] = self._touched(self.rows[place], own, posts[place])
        return posts

    def _touched(self, row: Document, own: Mine, text: bytes) -> bytes:
        touch = _written(own, row)
        if row["_id"] in own.choices:  # what the reader chose stands within the poll
            return self._draw(row, own, touch)
        return b"%s%s}" % (text[: -len(UNTOUCHED_END)], touch)

    def _draw(self, row: Document, own: Mine, touch: bytes) -> bytes:
        view = post_view(row, self.around, own, self.rules)
        return view.model_dump_json(exclude={"mine"}).encode()[:-1] + b',"mine":' + touch + b"}"


@dataclass(frozen=True)
class DrawnReplies:
    """A part of a post's replies as everybody sees it, with the post if that was asked for."""

    found: Found
    post: DrawnPosts | None
    rules: Rules
    waited_for: frozenset[str]
    """Members who see more than this: replies of theirs that wait."""
    too_many_wait: bool
    """More than were looked at: nobody can be left out."""

    @cached_property
    def untouched(self) -> list[bytes]:
        return [self._draw(row, frozenset()) for row in self.found.rows]

    @cached_property
    def page_untouched(self) -> bytes:
        """But for the post."""
        return _page(self.untouched, self.found.next_cursor)

    def asked(self, member_id: str) -> Asked:
        """What a member has to be asked for."""
        post = self.post
        return Asked(member_id, post.ids, self.ids, post.polls) if post else Asked(member_id, reply_ids=self.ids)

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(self.found.ids)

    def page(self, liked: frozenset[str], post: bytes) -> bytes:
        """With the reader's likes, and the post as the reader sees it."""
        page = _page(self._drawn(liked), self.found.next_cursor) if liked else self.page_untouched
        return b'%s,"post":%s}' % (page[:-1], post)

    def _drawn(self, liked: frozenset[str]) -> list[bytes]:
        drawn = self.untouched.copy()
        for place, ids in enumerate(self._each):
            mine = liked & ids
            if mine:
                drawn[place] = self._with_likes(place, mine)
        return drawn

    @cached_property
    def _each(self) -> list[frozenset[str]]:
        """Of each reply: its own id and those of its thread that are shown."""
        return [frozenset((row["_id"], *(one["_id"] for one in row["first"]))) for row in self.found.rows]

    @cached_property
    def _liked(self) -> dict[tuple[int, frozenset[str]], bytes]:
        """What many like, many see with the same heart: drawn once."""
        return {}

    def _with_likes(self, place: int, mine: frozenset[str]) -> bytes:
        text = self._liked.get((place, mine))
        if text is None:
            text = self._liked[place, mine] = self._draw(self.found.rows[place], mine)
        return text

    def _draw(self, row: Document, liked: frozenset[str]) -> bytes:
        return replies.view(row, self.found.around, liked, self.rules).model_dump_json().encode()


class SharedPages:
    """Of one process."""

    def __init__(self, database: Database, hearing: Callable[[], int | None]) -> None:
        """`hearing`: see `OwnMarks`."""
        self._database = database
        mine: Together[Asked, Mine] = Together(lambda asked: mine_of(database, asked))
        self.own = OwnMarks(mine, hearing)
        self._feeds: Recent[FeedQuestion, DrawnPosts] = Recent(sharing(self._draw_feed))
        self._parts: Recent[PostQuestion, DrawnReplies] = Recent(sharing(self._draw_part))

    def forget(self) -> None:
        """Something that pages show has changed."""
        self._feeds.forget()
        self._parts.forget()

    async def feed(self, wanted: Wanted, reading: Reading, page: Page) -> bytes:
        """A page of a feed, as JSON."""
        if reading.moderates or wanted.feed == "following":
            return await self._feed_alone(wanted, reading, page)
        shared = await self._feeds(FeedQuestion(wanted, page, reading.rules))
        if reading.reader is None:
            return shared.page_for_guests
        own = await self.own(Asked(reading.member_id, shared.ids, polls=shared.polls))
        return await self._feed_alone(wanted, reading, page) if own.viewer.picky else shared.page(own)

    async def replies(self, post_id: str, reading: Reading, part: Part, *, with_post: bool) -> bytes:
        """A part of a post's replies, as JSON. Raises NotFound."""
        own, shared = Mine(GUEST), None
        if not reading.moderates:
            # What nobody else sees its author may.
            with contextlib.suppress(NotFound):
                question = PostQuestion(reading.account_id, post_id, part, with_post, reading.rules)
                shared = await self._parts(question)
        if shared is not None and reading.reader is not None:
            own = await self.own(shared.asked(reading.member_id))
            waits = shared.too_many_wait or reading.member_id in shared.waited_for
            shared = None if waits or own.viewer.picky else shared
        if shared is None:
            return await self._part_alone(post_id, reading, part, with_post=with_post)
        return shared.page(own.liked, shared.post.drawn(own)[0] if shared.post else b"null")

    async def _feed_alone(self, wanted: Wanted, reading: Reading, page: Page) -> bytes:
        return (await posts.listing(self._database, wanted, reading, page)).model_dump_json().encode()

    async def _part_alone(self, post_id: str, reading: Reading, part: Part, *, with_post: bool) -> bytes:
        await posts.require(self._database, post_id, reading)
        found = await replies.of_post(self._database, post_id, reading, part)
        if with_post:
            found.post = await posts.one(self._database, post_id, reading)
        return found.model_dump_json().encode()

    async def _draw_feed(self, question: FeedQuestion) -> DrawnPosts:
        rows, next_cursor = await posts.rows_of(self._database, question.wanted, None, question.page)
        return await self._drawn(question.wanted.account_id, rows, question.rules, next_cursor)

    async def _draw_part(self, question: PostQuestion) -> DrawnReplies:
        row, found, waiting = await asyncio.gather(
            posts.require(self._database, question.post_id, Reading(question.account_id, None, question.rules)),
            replies.for_everybody(self._database, question.post_id, question.part),
            self._waiting_authors(question.account_id),
        )
        post = await self._drawn(question.account_id, [row], question.rules) if question.with_post else None
        return DrawnReplies(found, post, question.rules, frozenset(waiting), len(waiting) == MOST_WAITED_FOR)

    async def _drawn(
        self, account_id: str, rows: list[Document], rules: Rules, next_cursor: str | None = None
    ) -> DrawnPosts:
        around = await surroundings(self._database, account_id, rows, GUEST)
        return DrawnPosts(rows, around, rules, next_cursor)

    async def _waiting_authors(self, account_id: str) -> list[str]:
        """Whose replies wait for a moderator: their authors see them, others do not."""
        query = {"account_id": account_id, "state": "waiting"}
        rows = self._database["replies"].find(query, {"author_id": 1}).limit(MOST_WAITED_FOR)
        return [row["author_id"] for row in await rows.to_list(None)]


def _written(own: Mine, row: Document) -> bytes:
    """`own.of(row)` of a member as JSON, at a tenth of what it costs to make a model and write that."""
    post_id, floor = row["_id"], own.floors.get(row["_id"])
    return b'{"author":%s,"liked":%s,"favourited":%s,"followed":%s,"read_floor":%s,"unread":%d}' % (
        _truth(row["author_id"] == own.viewer.member_id),
        _truth(post_id in own.liked),
        _truth(post_id in own.favourited),
        _truth(post_id in own.followed),
        b"null" if floor is None else b"%d" % floor,
        0 if floor is None else max(row["floors"] - floor, 0),
    )


def _truth(value: bool) -> bytes:
    return b"true" if value else b"false"


def _page(items: Iterable[bytes], next_cursor: str | None) -> bytes:
    # A cursor is URL-safe base64: nothing in it needs escaping.
    cursor = b'"%s"' % next_cursor.encode() if next_cursor else b"null"
    return b'{"items":[%s],"next_cursor":%s}' % (b",".join(items), cursor)
