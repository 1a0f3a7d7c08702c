"""The reader of a page: what is theirs, and what they do not want to see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kit.auth import Principal
from kit.mongo import Database, Document
from services.micro_community.schemas.posts import MineView


@dataclass(frozen=True)
class Viewer:
    """`member_id` None: a guest."""

    member_id: str | None = None
    blocked_ids: frozenset[str] = frozenset()
    muted_words: tuple[str, ...] = ()

    @property
    def picky(self) -> bool:
        """True when there is anything that the reader does not want to see."""
        return bool(self.blocked_ids or self.muted_words)

    def wants(self, row: Document) -> bool:
        """False for what the reader blocked or muted; never for what they wrote."""
        author_id = row.get("author_id")
        if author_id == self.member_id and self.member_id is not None:
            return True
        options = (row.get("poll") or {}).get("options", ())
        return author_id not in self.blocked_ids and not self.mutes(row.get("title"), row.get("text"), *options)

    def wants_quote(self, row: Document) -> bool:
        """False when what a reply quotes is by somebody the reader blocked, or has a word they muted."""
        return row.get("answered_id") not in self.blocked_ids and not self.mutes(row.get("quoted"))

    def mutes(self, *texts: str | None) -> bool:
        """True when a muted word is in one of the texts."""
        return bool(self.muted_words) and any(
            word in text.casefold() for text in texts if text for word in self.muted_words
        )


async def viewer_of(database: Database, principal: Principal | None) -> Viewer:
    """A reader with what they blocked."""
    if principal is None:
        return Viewer()
    names = {"blocked_ids": 1, "muted_words": 1}
    row = await database["members"].find_one({"_id": principal.subject}, names) or {}
    return viewer_from(principal.subject, row)


def viewer_from(member_id: str, row: Document) -> Viewer:
    """The reader whose row of `members` it is."""
    words = tuple(word.casefold() for word in row.get("muted_words") or ())
    return Viewer(member_id, frozenset(row.get("blocked_ids") or ()), words)


@dataclass(frozen=True)
class Mine:
    """Of some posts and replies: what the reader did with them."""

    viewer: Viewer
    liked: frozenset[str] = frozenset()
    """Posts and replies."""
    favourited: frozenset[str] = frozenset()
    followed: frozenset[str] = frozenset()
    floors: dict[str, int] = field(default_factory=dict)
    choices: dict[str, list[int]] = field(default_factory=dict)

    def of(self, row: Document) -> MineView | None:
        if self.viewer.member_id is None:
            return None
        read_floor = self.floors.get(row["_id"])
        return MineView(
            author=row["author_id"] == self.viewer.member_id,
            liked=row["_id"] in self.liked,
            favourited=row["_id"] in self.favourited,
            followed=row["_id"] in self.followed,
            read_floor=read_floor,
            unread=max(row["floors"] - read_floor, 0) if read_floor is not None else 0,
        )

    @cached_property
    def marked(self) -> frozenset[str]:
        """Posts and replies with anything of the reader's."""
        return self.liked.union(self.favourited, self.followed, self.floors, self.choices)


@dataclass(frozen=True)
class Asked:
    """A reader, and what is on the page before them."""

    member_id: str
    post_ids: frozenset[str] = frozenset()
    reply_ids: frozenset[str] = frozenset()
    polls: bool = False


async def mine(database: Database, viewer: Viewer, rows: list[Document]) -> Mine:
    """For a page of posts."""
    if viewer.member_id is None or not rows:
        return Mine(viewer)
    polls = any(row.get("poll") for row in rows)
    asked = Asked(viewer.member_id, frozenset(row["_id"] for row in rows), polls=polls)
    return (await mine_of(database, [asked]))[0]


async def liked(database: Database, viewer: Viewer, reply_ids: Iterable[str]) -> frozenset[str]:
    """Those of the replies that the reader likes."""
    ids = frozenset(reply_ids)
    if viewer.member_id is None or not ids:
        return frozenset()
    return (await mine_of(database, [Asked(viewer.member_id, reply_ids=ids)]))[0].liked


async def mine_of(database: Database, asked: list[Asked]) -> list[Mine]:
    """For several readers, each with a page, in one read: what is theirs on it, and whom and what they do not want."""
    pages = {(id(one.post_ids), id(one.reply_ids)): one for one in asked}.values()
    post_ids = sorted(frozenset().union(*(page.post_ids for page in pages)))
    on = {"likes": sorted(frozenset(post_ids).union(*(page.reply_ids for page in pages)))}
    if post_ids:
        on |= dict.fromkeys(("favourites", "follows", "readings"), post_ids)
    if any(page.polls for page in pages):
        on["votes"] = post_ids
    found = await _marks(database, sorted({one.member_id for one in asked}), on)
    return [_mine(one, found.get(one.member_id, {}), alone=len(pages) == 1) for one in asked]


def _mine(asked: Asked, found: Document, *, alone: bool) -> Mine:
    """`alone`: no other page was asked for together with this one, so that all that was found is on it."""
    page = None if alone else asked.post_ids | asked.reply_ids

    def of(name: str) -> frozenset[str]:
        ids = frozenset(found.get(name, ()))
        return ids if page is None else ids & page

    def with_value(name: str, value: str) -> dict[str, Any]:
        pairs = zip(found.get(name, ()), found.get(value, ()), strict=True)
        return {one: worth for one, worth in pairs if page is None or one in page}

    own = {name: values[0] for name in WISHES if (values := found.get(name))}
    return Mine(
        viewer_from(asked.member_id, own),
        of("likes"),
        of("favourites"),
        of("follows"),
        with_value("readings", "floor"),
        with_value("votes", "choices"),
    )


MARKED = {
    "likes": "target_id",
    "favourites": "post_id",
    "follows": "followed_id",
    "readings": "post_id",
    "votes": "post_id",
}
"""By collection: which field says what the mark is on."""
TURNED = frozenset(("likes", "favourites", "follows"))
"""What can be taken back."""
VALUED = {"readings": "floor", "votes": "choices"}
"""What a mark says besides."""
WISHES = ("blocked_ids", "muted_words")


async def _marks(database: Database, members: list[str], on: dict[str, list[str]]) -> dict[str, Document]:
    """By member, in one read: what they marked, by collection, and what they do not want. What was taken back does not
    count. A document for each member and not for each mark: reading many small ones took most of the time."""
    names = (*WISHES, *on, *(VALUED[name] for name in on if name in VALUED))
    steps: list[Document] = [
        {"$match": {"_id": {"$in": members}}},
        {"$project": {"_id": 0, "by": "$_id", **dict.fromkeys(WISHES, 1)}},
        *({"$unionWith": {"coll": name, "pipeline": _marks_in(name, members, ids)}} for name, ids in on.items()),
        {"$group": {"_id": "$by", **{name: {"$push": f"${name}"} for name in names}}},
    ]
    return {row["_id"]: row for row in await database["members"].aggregate(steps).to_list(None)}


def _marks_in(name: str, members: list[str], ids: list[str]) -> list[Document]:
    on = MARKED[name]
    wanted: Document = {"member_id": {"$in": members}, on: {"$in": ids}}
    if name in TURNED:
        # Not `true`: that would invite the indexes of who marked a thing, and a thing may have many.
        wanted["active"] = {"$ne": False}
    shown = {"_id": 0, "by": "$member_id", name: f"${on}"} | ({VALUED[name]: 1} if name in VALUED else {})
    return [{"$match": wanted}, {"$project": shown}]
