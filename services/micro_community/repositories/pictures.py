"""Pictures in `pictures`. `shown` belongs to the projection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.transaction import IdempotencyKeyReused
from services.micro_community.domain.picture import Picture
from services.micro_community.repositories.documents import read, to_document


@dataclass(frozen=True)
class MongoPictures:
    database: Database

    async def of(self, account_id: str, picture_id: str) -> Picture:
        document = await self.database["pictures"].find_one({"_id": picture_id, "account_id": account_id})
        if document is None:
            raise NotFound
        return _picture(document)

    async def of_member(self, member_id: str, ids: tuple[str, ...]) -> dict[str, Picture]:
        if not ids:
            return {}
        found = self.database["pictures"].find({"_id": {"$in": list(ids)}, "member_id": member_id})
        return {document["_id"]: _picture(document) async for document in found}

    async def stored(self, picture_id: str, sha256: str) -> Picture | None:
        document = await self.database["pictures"].find_one({"_id": picture_id})
        if document is not None and document["sha256"] != sha256:
            raise IdempotencyKeyReused
        return _picture(document) if document else None

    async def add(self, picture: Picture) -> Picture:
        try:
            await self.database["pictures"].insert_one(to_document(picture, "picture_id"))
        except DuplicateKeyError:
            return await self.stored(picture.picture_id, picture.sha256) or picture
        return picture

    async def unused(self, before: datetime, *, most: int) -> list[str]:
        query: Document = {"shown": None, "uploaded_at": {"$lt": before}}
        rows = await self.database["pictures"].find(query, {"_id": 1}).sort([("uploaded_at", 1)]).to_list(most)
        return [row["_id"] for row in rows]

    async def drop(self, picture_id: str) -> None:
        await self.database["pictures"].delete_one({"_id": picture_id, "shown": None})


def _picture(document: Document) -> Picture:
    return read(Picture, document, "picture_id")
