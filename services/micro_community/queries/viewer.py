"""The reader of a page: what is theirs, and what they do not want to see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

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
        return author_id not in self.blocked_ids and not self.mutes(row.get("title"), row.get("text"))

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


@dataclass(frozen=True)
class Asked:
    """A reader, and what is on the page before them."""

    member_id: str
    posts: list[Document]
    reply_ids: Sequence[str] = ()


Marks: TypeAlias = dict[tuple[str, str], list[Document]]
"""By collection and member."""


async def mine(database: Database, viewer: Viewer, rows: list[Document]) -> Mine:
    """For a page of posts."""
    return await _mine_alone(database, viewer, rows, ())


async def liked(database: Database, viewer: Viewer, reply_ids: Sequence[str]) -> frozenset[str]:
    """Those of the replies that the reader likes."""
    return (await _mine_alone(database, viewer, [], reply_ids)).liked


async def _mine_alone(database: Database, viewer: Viewer, posts: list[Document], reply_ids: Sequence[str]) -> Mine:
    if viewer.member_id is None or not (posts or reply_ids):
        return Mine(viewer)
    return (await mine_of(database, [Asked(viewer.member_id, posts, reply_ids)]))[0]


async def mine_of(database: Database, asked: list[Asked]) -> list[Mine]:
    """For several readers, each with a page, in one read: what is theirs on it, and whom and what they do not want."""
    members = sorted({one.member_id for one in asked})
    pages = {(id(one.posts), id(one.reply_ids)): one for one in asked}.values()
    posts = sorted({row["_id"] for page in pages for row in page.posts})
    on = {"likes": sorted({*posts, *(reply_id for page in pages for reply_id in page.reply_ids)})}
    if posts:
        on |= dict.fromkeys(("favourites", "follows", "readings"), posts)
    if any(row.get("poll") for page in pages for row in page.posts):
        on["votes"] = posts
    found = await _marks(database, members, on)
    return [_mine(one, found) for one in asked]


def _mine(asked: Asked, found: Marks) -> Mine:
    page = {row["_id"] for row in asked.posts}.union(asked.reply_ids)

    def of(name: str) -> dict[str, Document]:
        key = MARKED[name]
        return {mark[key]: mark for mark in found.get((name, asked.member_id), ()) if mark[key] in page}

    return Mine(
        viewer_from(asked.member_id, next(iter(found.get(("members", asked.member_id), ())), {})),
        frozenset(of("likes")),
        frozenset(of("favourites")),
        frozenset(of("follows")),
        {post_id: mark["floor"] for post_id, mark in of("readings").items()},
        {post_id: mark["choices"] for post_id, mark in of("votes").items()},
    )


MARKED = {
    "likes": "target_id",
    "favourites": "post_id",
    "follows": "followed_id",
    "readings": "post_id",
    "votes": "post_id",
}
"""By collection: which field says what the mark is on."""
SHOWN_OF_MARKS = {"_id": 0, "member_id": 1, "floor": 1, "choices": 1}


async def _marks(database: Database, members: list[str], on: dict[str, list[str]]) -> Marks:
    """What these members did with these posts or replies, and who they are, in one read; what was taken back does not
    count."""
    steps: list[Document] = [
        {"$match": {"_id": {"$in": members}}},
        {
            "$project": {
                "_id": 0,
                "member_id": "$_id",
                "blocked_ids": 1,
                "muted_words": 1,
                "of": {"$literal": "members"},
            }
        },
        *({"$unionWith": {"coll": name, "pipeline": _marks_in(name, members, ids)}} for name, ids in on.items()),
    ]
    found: defaultdict[tuple[str, str], list[Document]] = defaultdict(list)
    for mark in await database["members"].aggregate(steps).to_list(None):
        found[mark["of"], mark["member_id"]].append(mark)
    return found


def _marks_in(name: str, members: list[str], ids: list[str]) -> list[Document]:
    on = MARKED[name]
    # Not `active: true`: that would invite the indexes of who marked a thing, and a thing may have many.
    wanted = {"member_id": {"$in": members}, on: {"$in": ids}, "active": {"$ne": False}}
    return [{"$match": wanted}, {"$project": {**SHOWN_OF_MARKS, on: 1, "of": {"$literal": name}}}]
