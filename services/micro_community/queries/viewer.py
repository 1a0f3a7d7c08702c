"""The reader of a page: what is theirs, and what they do not want to see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from kit.auth import Principal
from kit.ids import derived_id
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


async def mine_of(database: Database, asked: list[Asked]) -> list[Mine]:
    """For several readers, each with a page of posts, in one read."""
    wanted = [_marks_of(viewer.member_id, rows) if viewer.member_id else {} for viewer, rows in asked]
    names = ("likes", "favourites", "follows", "readings", "votes")
    every = {name: [mark for marks in wanted for mark in marks.get(name, {})] for name in names}
    found = {name: {row["_id"]: row for row in rows} for name, rows in (await _together(database, every)).items()}
    return [_mine(viewer, marks, found) for (viewer, _), marks in zip(asked, wanted, strict=True)]


def _marks_of(me: str, rows: list[Document]) -> dict[str, dict[str, str]]:
    """By collection: the id that the reader's mark would have, and the post that it would be on."""
    return {
        "likes": {derived_id("like", row["_id"], me): row["_id"] for row in rows},
        "favourites": {derived_id("favourite", row["_id"], me): row["_id"] for row in rows},
        "follows": {derived_id("follow", row["account_id"], "post", row["_id"], me): row["_id"] for row in rows},
        "readings": {f"{me}|{row['_id']}": row["_id"] for row in rows},
        "votes": {derived_id("vote", row["_id"], me): row["_id"] for row in rows if row.get("poll")},
    }


def _mine(viewer: Viewer, marks: dict[str, dict[str, str]], found: dict[str, dict[str, Document]]) -> Mine:
    def of(name: str) -> dict[str, Document]:
        there = found[name]
        return {post_id: there[key] for key, post_id in marks[name].items() if key in there} if there else {}

    if not marks:
        return Mine(viewer)
    return Mine(
        viewer,
        frozenset(of("likes")),
        frozenset(of("favourites")),
        frozenset(of("follows")),
        {post_id: row["floor"] for post_id, row in of("readings").items()},
        {post_id: row["choices"] for post_id, row in of("votes").items()},
    )


async def liked(database: Database, viewer: Viewer, ids: list[str]) -> frozenset[str]:
    """Those of the replies that the reader likes."""
    if viewer.member_id is None or not ids:
        return frozenset()
    found = await _together(database, {"likes": [derived_id("like", reply_id, viewer.member_id) for reply_id in ids]})
    return frozenset(row["target_id"] for row in found["likes"])


async def _together(database: Database, wanted: dict[str, list[str]]) -> dict[str, list[Document]]:
    """Rows of several collections by their derived ids, in one read; what was taken back does not count."""
    names = [name for name, ids in wanted.items() if ids]
    found: dict[str, list[Document]] = {name: [] for name in wanted}
    if not names:
        return found
    first, *others = names
    steps = _rows_of(first, wanted[first])
    steps += [{"$unionWith": {"coll": name, "pipeline": _rows_of(name, wanted[name])}} for name in others]
    async for row in database[first].aggregate(steps):
        found[row["of"]].append(row)
    return found


def _rows_of(name: str, ids: list[str]) -> list[Document]:
    return [{"$match": {"_id": {"$in": ids}, "active": {"$ne": False}}}, {"$set": {"of": name}}]
