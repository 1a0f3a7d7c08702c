"""What is left of members who left: found by author, erased by the collections' own writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.envelope import Event
from contracts.micro_community import FavouriteDropped, FollowEnded, LikeWithdrawn
from kit import embedded
from kit.embedded import Writing
from kit.mongo import Database, Document
from kit.transaction import Tx
from services.micro_community.domain.member import Member
from services.micro_community.domain.post import Post
from services.micro_community.domain.reply import Reply
from services.micro_community.ports import MarkKind
from services.micro_community.repositories.members import member_of
from services.micro_community.repositories.posts import post_of
from services.micro_community.repositories.replies import reply_of

KINDS: tuple[MarkKind, ...] = ("likes", "favourites", "follows")
WRITTEN = ("posts", "replies")
OWN = ("drafts", "readings", "notifications", "check_ins", "notice_quotas")


@dataclass(frozen=True)
class MongoErasures:
    database: Database
    source: str

    async def due(self, *, most: int) -> list[Member]:
        found = self.database["members"].find({"erase_until": {"$type": "date"}}).sort([("erase_until", 1)])
        return [member_of(document) for document in await found.to_list(most)]

    async def posts(self, member: Member, *, most: int) -> list[Post]:
        found = self.database["posts"].find(_unerased(member))
        return [post_of(document) for document in await found.to_list(most)]

    async def replies(self, member: Member, *, most: int) -> list[Reply]:
        found = self.database["replies"].find(_unerased(member))
        return [reply_of(document) for document in await found.to_list(most)]

    async def withdraw_marks(self, member: Member, now: datetime, *, most: int) -> int:
        until = {"active": True, "at": {"$lte": member.erase_until}}
        done = 0
        for kind in KINDS:
            done += await self._withdraw(kind, {"member_id": member.member_id} | until, now, most)
        followed = {"account_id": member.account_id, "followed_id": member.member_id, "followed_kind": "member"}
        return done + await self._withdraw("follows", followed | until, now, most)

    async def _withdraw(self, kind: MarkKind, query: Document, now: datetime, most: int) -> int:
        documents = await self.database[kind].find(query).to_list(most)
        for document in documents:
            change = {"_id": document["_id"], "active": False, "at": now}
            off, writing = [_off(kind, document, now)], Writing(self.source, now)
            await embedded.save(self.database[kind], change, off, writing, version=document["aggver"])
        return len(documents)

    async def pictures(self, member: Member, *, most: int) -> list[str]:
        query = {"member_id": member.member_id, "uploaded_at": {"$lte": member.erase_until}}
        return [row["_id"] for row in await self.database["pictures"].find(query, {"_id": 1}).to_list(most)]

    async def drop_picture(self, picture_id: str) -> None:
        await self.database["pictures"].delete_one({"_id": picture_id})

    async def unsettled(self, member: Member) -> bool:
        whose = [(name, "author_id") for name in (*WRITTEN, "likes")]
        whose += [(name, "member_id") for name in (*KINDS, "check_ins")] + [("follows", "followed_id")]
        unsent = {"unsent_at": {"$exists": True}}
        waiting = [
            await self.database[name].find_one({field: member.member_id} | unsent, {"_id": 1}) for name, field in whose
        ]
        return any(waiting)

    async def forfeit(self, tx: Tx, member: Member, *, most: int) -> int:
        points = tx.collection("points").find(_own(member), {"amount": 1}, session=tx.session)
        lines = await points.to_list(most)
        liked = await self._liked(tx, member, most)
        if lines:
            gone = {"_id": {"$in": [line["_id"] for line in lines]}}
            await tx.collection("points").delete_many(gone, session=tx.session)
        if liked:
            # What is erased is nobody's: as with the account's own posts, nobody's likes are counted for it.
            nobodys = {"$set": {"author_id": None}}
            await tx.collection("likes").update_many({"_id": {"$in": liked}}, nobodys, session=tx.session)
        if lines or liked:
            less = {"counts.points": -sum(line["amount"] for line in lines), "counts.likes_received": -len(liked)}
            await tx.collection("members").update_one({"_id": member.member_id}, {"$inc": less}, session=tx.session)
        return len(lines) + len(liked)

    async def _liked(self, tx: Tx, member: Member, most: int) -> list[str]:
        """Likes of what was erased since the member left."""
        since = {"author_id": member.member_id, "erased_at": {"$gte": member.erase_until}}
        erased: list[str] = []
        for name in WRITTEN:
            erased += [row["_id"] async for row in tx.collection(name).find(since, {"_id": 1}, session=tx.session)]
        query = {"target_id": {"$in": erased}, "active": True, "author_id": member.member_id}
        found = tx.collection("likes").find(query, {"_id": 1}, session=tx.session)
        return [row["_id"] for row in await found.to_list(most)]

    async def forget(self, member: Member) -> None:
        for name in OWN:
            await self.database[name].delete_many(_own(member))
        await self._end_chats(member)
        shown = {"account_id": member.account_id, "content.author_id": member.member_id}
        # A gap in the sequence makes pages that come back start afresh, which is what is wanted.
        await self.database["activity"].delete_many(shown)
        await self.database["votes"].update_many(_own(member), {"$unset": {"member_id": ""}})

    async def finish(self, tx: Tx, member: Member) -> None:
        as_read = {"_id": member.member_id, "erase_until": member.erase_until}
        latest = tx.collection("check_ins").find({"member_id": member.member_id}, session=tx.session)
        kept = await latest.sort([("day", -1)]).to_list(1)
        change: Document = {"$set": {"erase_until": None}}
        if kept:  # who has come back in the meantime keeps what was earned since
            streak = kept[0]["streak"]
            check_in = {"day": kept[0]["day"], "streak": streak}
            change["$set"] |= {"check_in": check_in, "counts.best_streak": streak}
        else:
            change["$unset"] = {"check_in": "", "counts.best_streak": ""}
        row = await tx.collection("members").find_one_and_update(as_read, change, session=tx.session)
        if row is not None and row["left_at"] is not None:
            # What others did with it after they had left, before it was gone.
            await tx.collection("points").delete_many({"member_id": member.member_id}, session=tx.session)
            gone = {"$unset": {"counts": "", "check_in": ""}}
            await tx.collection("members").update_one({"_id": member.member_id}, gone, session=tx.session)

    async def _end_chats(self, member: Member) -> None:
        """What was said until the member left; the follower may have written to the account since."""
        chats = self.database["chats"].find({"member_id": member.member_id}, {"_id": 1})
        ids = [row["_id"] async for row in chats]
        before = {"chat_id": {"$in": ids}, "at": {"$lte": member.erase_until}}
        await self.database["chat_lines"].delete_many(before)
        old = {"_id": {"$in": ids}, "heard_at": {"$lte": member.erase_until}}
        await self.database["chats"].delete_many(old)


def _own(member: Member) -> Document:
    return {"member_id": member.member_id, "at": {"$lte": member.erase_until}}


def _unerased(member: Member) -> Document:
    """`created_at` is when it appeared: what waited for a moderator was written before."""
    until = {"$lte": member.erase_until}
    written = [{"written_at": until}, {"written_at": None, "created_at": until}]
    return {"author_id": member.member_id, "erased_at": None, "$or": written}


def _off(kind: MarkKind, row: Document, now: datetime) -> Event:
    fields = {"account_id": row["account_id"], "member_id": row["member_id"]}
    if kind == "likes":
        names = ("target_kind", "target_id", "post_id", "author_id")
        return LikeWithdrawn(like_id=row["_id"], withdrawn_at=now, **fields, **{name: row[name] for name in names})
    if kind == "favourites":
        return FavouriteDropped(favourite_id=row["_id"], post_id=row["post_id"], dropped_at=now, **fields)
    followed = {name: row[name] for name in ("followed_kind", "followed_id")}
    return FollowEnded(follow_id=row["_id"], ended_at=now, **fields, **followed)
