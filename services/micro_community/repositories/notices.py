"""Notices outside of the page: what waits (`outside_at` in `notifications`), and how many are left
(`notice_quotas`, one per member and template)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kit.mongo import Database, Document
from kit.transaction import Tx
from services.micro_community.domain.member import Member
from services.micro_community.domain.notice import Occasion, place_of
from services.micro_community.domain.text import excerpt
from services.micro_community.ports import UnreadNotice

MOST_LOOKED_AT = 50


@dataclass(frozen=True)
class MongoNotices:
    database: Database

    async def due(self, before: datetime, *, most: int) -> list[str]:
        query = {"outside_at": {"$type": "date", "$lte": before}}
        rows = self.database["notifications"].find(query, {"member_id": 1}).sort([("outside_at", 1)]).limit(most)
        return list(dict.fromkeys([row["member_id"] async for row in rows]))

    async def put_aside(self, tx: Tx, member_id: str) -> list[UnreadNotice]:
        query = {"member_id": member_id, "outside_at": {"$type": "date"}}
        rows = tx.collection("notifications").find(query, session=tx.session).sort([("seq", -1)])
        waiting = [_unread(row) for row in await rows.to_list(MOST_LOOKED_AT)]
        cleared = {"$unset": {"outside_at": ""}}
        await tx.collection("notifications").update_many(query, cleared, session=tx.session)
        return waiting

    async def spend(self, tx: Tx, member_id: str, template_id: str) -> bool:
        query = {"_id": _key(member_id, template_id), "left": {"$gt": 0}}
        change = {"$inc": {"left": -1}, "$set": {"at": tx.now}}
        result = await tx.collection("notice_quotas").update_one(query, change, session=tx.session)
        return bool(result.modified_count)

    async def grant(self, tx: Tx, account_id: str, member_id: str, template_id: str) -> None:
        fields = {"account_id": account_id, "member_id": member_id, "template_id": template_id, "at": tx.now}
        change = {"$set": fields, "$inc": {"left": 1}}
        key = {"_id": _key(member_id, template_id)}
        await tx.collection("notice_quotas").update_one(key, change, upsert=True, session=tx.session)

    async def revoke(self, tx: Tx, member_id: str, template_id: str) -> None:
        key = {"_id": _key(member_id, template_id)}
        await tx.collection("notice_quotas").update_one(key, {"$set": {"left": 0}}, session=tx.session)

    async def revoke_of(self, tx: Tx, notification_id: str) -> None:
        row = await tx.collection("notifications").find_one({"_id": notification_id}, session=tx.session)
        if row is not None:
            own = {"member_id": row["member_id"]}
            await tx.collection("notice_quotas").update_many(own, {"$set": {"left": 0}}, session=tx.session)

    async def occasion(self, tx: Tx, unread: UnreadNotice, community: str) -> Occasion | None:
        post: Document = await self._one(tx, "posts", unread.post_id)
        reply: Document = await self._one(tx, "replies", unread.reply_id)
        gone = post.get("state") != "visible" or (unread.reply_id and reply.get("state") != "visible")
        if gone and unread.kind != "removed":
            return None
        actor: Document = await self._one(tx, "members", unread.actor_id)
        who = Member(actor["_id"], "", "", nickname=actor.get("nickname")).shown_name if actor else community
        where = excerpt(post.get("title") or post.get("text") or community)
        place = await self._place(tx, reply) if reply else ""
        return Occasion(unread.kind, who, unread.excerpt, where, unread.at, community, place)

    async def _place(self, tx: Tx, reply: Document) -> str:
        root = await self._one(tx, "replies", reply["root_id"]) if reply["root_id"] else reply
        return place_of(reply["_id"], root.get("floor"))

    async def _one(self, tx: Tx, collection: str, key: str | None) -> Document:
        return await tx.collection(collection).find_one({"_id": key}, session=tx.session) or {} if key else {}


def _unread(row: Document) -> UnreadNotice:
    names = ("account_id", "member_id", "kind", "post_id", "reply_id", "actor_id", "excerpt", "at")
    return UnreadNotice(row["_id"], **{name: row[name] for name in names})


def _key(member_id: str, template_id: str) -> str:
    return f"{member_id}|{template_id}"
