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


async def mine(database: Database, viewer: Viewer, rows: list[Document]) -> Mine:
    """For a page of posts."""
    return (await mine_of(database, [(viewer, rows)]))[0]


Asked: TypeAlias = tuple[Viewer, list[Document]]
Marks: TypeAlias = dict[tuple[str, str], list[Document]]
"""By collection and member."""


async def mine_of(database: Database, asked: list[Asked]) -> list[Mine]:
    """For several readers, each with a page of posts, in one read."""
    members = sorted({viewer.member_id for viewer, _ in asked if viewer.member_id is not None})
    pages = {id(rows): rows for viewer, rows in asked if viewer.member_id is not None}
    ids = sorted({row["_id"] for rows in pages.values() for row in rows})
    polls = any(row.get("poll") for rows in pages.values() for row in rows)
    names = ("likes", "favourites", "follows", "readings", *(["votes"] if polls else []))
    found = await _marks(database, names, members, ids)
    return [_mine(viewer, {row["_id"] for row in rows}, found) for viewer, rows in asked]


def _mine(viewer: Viewer, page: set[str], found: Marks) -> Mine:
    def of(name: str) -> dict[str, Document]:
        marks = found.get((name, viewer.member_id or ""), ())
        key = MARKED[name]
        return {mark[key]: mark for mark in marks if mark[key] in page}

    if not found:
        return Mine(viewer)
    return Mine(
        viewer,
        frozenset(of("likes")),
        frozenset(of("favourites")),
        frozenset(of("follows")),
        {post_id: mark["floor"] for post_id, mark in of("readings").items()},
        {post_id: mark["choices"] for post_id, mark in of("votes").items()},
    )


async def liked(database: Database, viewer: Viewer, ids: list[str]) -> frozenset[str]:
    """Those of the replies that the reader likes."""
    return (await liked_of(database, [(viewer, ids)]))[0]


async def liked_of(database: Database, asked: list[tuple[Viewer, list[str]]]) -> list[frozenset[str]]:
    """For several readers, each with a page of replies, in one read."""
    members = sorted({viewer.member_id for viewer, _ in asked if viewer.member_id is not None})
    pages = {id(ids): ids for viewer, ids in asked if viewer.member_id is not None}
    found = await _marks(database, ("likes",), members, sorted({one for ids in pages.values() for one in ids}))
    return [
        frozenset(mark["target_id"] for mark in found.get(("likes", viewer.member_id or ""), ())).intersection(ids)
        for viewer, ids in asked
    ]


MARKED = {
    "likes": "target_id",
    "favourites": "post_id",
    "follows": "followed_id",
    "readings": "post_id",
    "votes": "post_id",
}
"""By collection: which field says what the mark is on."""
SHOWN_OF_MARKS = {"_id": 0, "member_id": 1, "floor": 1, "choices": 1}


async def _marks(database: Database, names: Sequence[str], members: list[str], ids: list[str]) -> Marks:
    """What these members did with these posts or replies, in one read; what was taken back does not count."""
    found: defaultdict[tuple[str, str], list[Document]] = defaultdict(list)
    if not members or not ids:
        return found
    first, *others = names
    steps = _marks_in(first, members, ids)
    steps += [{"$unionWith": {"coll": name, "pipeline": _marks_in(name, members, ids)}} for name in others]
    for mark in await database[first].aggregate(steps).to_list(None):
        found[mark["of"], mark["member_id"]].append(mark)
    return found


def _marks_in(name: str, members: list[str], ids: list[str]) -> list[Document]:
    on = MARKED[name]
    # Not `active: true`: that would invite the indexes of who marked a thing, and a thing may have many.
    wanted = {"member_id": {"$in": members}, on: {"$in": ids}, "active": {"$ne": False}}
    return [{"$match": wanted}, {"$project": {**SHOWN_OF_MARKS, on: 1, "of": {"$literal": name}}}]
