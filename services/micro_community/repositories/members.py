"""Members in `members`, one per account and openid. `counts` and `check_in` belong to the projection."""

from __future__ import annotations

from dataclasses import dataclass

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.domain.member import Member, MemberGone
from services.micro_community.repositories.documents import read, to_document


@dataclass(frozen=True)
class MongoMembers:
    database: Database

    async def of(self, account_id: str, member_id: str) -> Member:
        try:
            return await self.writing(account_id, member_id)
        except MemberGone as error:
            raise NotFound from error

    async def writing(self, account_id: str, member_id: str) -> Member:
        document = await self.database["members"].find_one({"_id": member_id, "account_id": account_id})
        if document is None or document["joined_at"] is None or document.get("left_at") is not None:
            raise MemberGone
        return member_of(document)

    async def present(self, account_id: str, ids: tuple[str, ...]) -> frozenset[str]:
        query = {"_id": {"$in": list(ids)}, "account_id": account_id, "joined_at": {"$ne": None}, "left_at": None}
        return frozenset([row["_id"] async for row in self.database["members"].find(query, {"_id": 1})])

    async def in_transaction(self, tx: Tx, member_id: str) -> Member | None:
        document = await tx.collection("members").find_one({"_id": member_id}, session=tx.session)
        return member_of(document) if document else None

    async def put(self, tx: Tx, member: Member) -> None:
        document = to_document(member, "member_id")
        del document["written"], document["points"]
        key = {"_id": document.pop("_id")}
        # What @ looks for, in small letters.
        document["name_key"] = member.shown_name.casefold()
        await tx.collection("members").update_one(key, {"$set": document}, upsert=True, session=tx.session)


def member_of(document: Document) -> Member:
    counts = document.get("counts") or {}
    written = counts.get("posts", 0) + counts.get("replies", 0)
    return read(Member, document, "member_id", written=written, points=counts.get("points", 0))
