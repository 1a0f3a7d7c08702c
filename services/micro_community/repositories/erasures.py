"""What is left of members who left: found by author, erased by the collections' own writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.envelope import Event
from contracts.micro_community import FavouriteDropped, FollowEnded, LikeWithdrawn
from kit import embedded
from kit.embedded import Writing
from kit.mongo import Database, Document
from services.micro_community.domain.member import Member
from services.micro_community.domain.post import Post
from services.micro_community.domain.reply import Reply
from services.micro_community.ports import MarkKind
from services.micro_community.repositories.members import member_of
from services.micro_community.repositories.posts import post_of
from services.micro_community.repositories.replies import reply_of

KINDS: tuple[MarkKind, ...] = ("likes", "favourites", "follows")
WRITTEN = ("posts", "replies")
OWN = ("drafts", "readings", "notifications", "points", "check_ins", "notice_quotas")


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
        done = 0
        for kind in KINDS:
            query = {"member_id": member.member_id, "active": True, "at": {"$lte": member.erase_until}}
            for document in await self.database[kind].find(query).to_list(most):
                change = {"_id": document["_id"], "active": False, "at": now}
                writing = Writing(self.source, now)
                off = [_off(kind, document, now)]
                await embedded.save(self.database[kind], change, off, writing, version=document["aggver"])
                done += 1
        return done

    async def pictures(self, member: Member, *, most: int) -> list[str]:
        query = {"member_id": member.member_id, "uploaded_at": {"$lte": member.erase_until}}
        return [row["_id"] for row in await self.database["pictures"].find(query, {"_id": 1}).to_list(most)]

    async def drop_picture(self, picture_id: str) -> None:
        await self.database["pictures"].delete_one({"_id": picture_id})

    async def unsettled(self, member: Member) -> bool:
        whose = dict.fromkeys(WRITTEN, "author_id") | dict.fromkeys((*KINDS, "check_ins"), "member_id")
        unsent = {"unsent_at": {"$exists": True}}
        waiting = [
            await self.database[name].find_one({field: member.member_id} | unsent, {"_id": 1})
            for name, field in whose.items()
        ]
        return any(waiting)

    async def finish(self, member: Member) -> None:
        for name in OWN:
            before = {"member_id": member.member_id, "at": {"$lte": member.erase_until}}
            await self.database[name].delete_many(before)
        await self._end_chats(member)
        own = {"account_id": member.account_id, "content.author_id": member.member_id}
        # A gap in the sequence makes pages that come back start afresh, which is what is wanted.
        await self.database["activity"].delete_many(own)
        await self.database["votes"].update_many({"member_id": member.member_id}, {"$unset": {"member_id": ""}})
        members, gone = self.database["members"], {"$unset": {"counts": "", "check_in": ""}}
        # Who has come back in the meantime keeps what was earned since.
        await members.update_one({"_id": member.member_id, "left_at": {"$ne": None}}, gone)
        await members.update_one({"_id": member.member_id}, {"$set": {"erase_until": None}})

    async def _end_chats(self, member: Member) -> None:
        """What was said until the member left; the follower may have written to the account since."""
        chats = self.database["chats"].find({"member_id": member.member_id}, {"_id": 1})
        ids = [row["_id"] async for row in chats]
        before = {"chat_id": {"$in": ids}, "at": {"$lte": member.erase_until}}
        await self.database["chat_lines"].delete_many(before)
        old = {"_id": {"$in": ids}, "heard_at": {"$lte": member.erase_until}}
        await self.database["chats"].delete_many(old)


def _unerased(member: Member) -> Document:
    return {"author_id": member.member_id, "created_at": {"$lte": member.erase_until}, "erased_at": None}


def _off(kind: MarkKind, row: Document, now: datetime) -> Event:
    fields = {"account_id": row["account_id"], "member_id": row["member_id"]}
    if kind == "likes":
        names = ("target_kind", "target_id", "post_id", "author_id")
        return LikeWithdrawn(like_id=row["_id"], withdrawn_at=now, **fields, **{name: row[name] for name in names})
    if kind == "favourites":
        return FavouriteDropped(favourite_id=row["_id"], post_id=row["post_id"], dropped_at=now, **fields)
    followed = {name: row[name] for name in ("followed_kind", "followed_id")}
    return FollowEnded(follow_id=row["_id"], ended_at=now, **fields, **followed)
