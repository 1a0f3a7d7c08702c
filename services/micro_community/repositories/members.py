"""Members in `members`, one per account and openid. `counts` and `check_in` belong to the projection."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.together import Together, finding
from kit.transaction import Tx
from services.micro_community.domain.member import Member, MemberGone
from services.micro_community.repositories.documents import read, to_document


@dataclass(frozen=True)
class MongoMembers:
    """Whoever writes is looked up; those who write at the same time are looked up together."""

    database: Database
    _finding: Together[str, Member | None] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_finding", finding(self.database["members"], member_of))

    async def of(self, account_id: str, member_id: str) -> Member:
        try:
            return await self.writing(account_id, member_id)
        except MemberGone as error:
            raise NotFound from error

    async def writing(self, account_id: str, member_id: str) -> Member:
        member = await self._finding(member_id)
        if member is None or not _is_present(member, account_id):
            raise MemberGone
        return member

    async def present(self, account_id: str, ids: tuple[str, ...]) -> frozenset[str]:
        found = await asyncio.gather(*[self._finding.ask(member_id) for member_id in ids])
        return frozenset(member.member_id for member in found if member is not None and _is_present(member, account_id))

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

    async def claim_look_up(self, member_id: str, now: datetime, *, again_after: timedelta) -> bool:
        # Beside the aggregate, which does not decide by it: saving a member leaves it alone.
        due = {"_id": member_id, "looked_up_at": {"$not": {"$gt": now - again_after}}}
        claimed = await self.database["members"].update_one(due, {"$set": {"looked_up_at": now}})
        return claimed.modified_count == 1

    async def note_following(self, member_id: str, *, follows: bool) -> None:
        await self.database["members"].update_one({"_id": member_id}, {"$set": {"follows_account": follows}})


def _is_present(member: Member, account_id: str) -> bool:
    return member.account_id == account_id and member.joined_at is not None and member.left_at is None


def member_of(document: Document) -> Member:
    counts = document.get("counts") or {}
    written = counts.get("posts", 0) + counts.get("replies", 0)
    return read(Member, document, "member_id", written=written, points=counts.get("points", 0))
