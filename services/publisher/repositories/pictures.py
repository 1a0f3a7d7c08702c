"""Pictures by the digest of their bytes, and what the platform has of them already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bson.binary import Binary

from kit.mongo import Database
from kit.transaction import Tx
from services.publisher.domain.article import KnownPicture
from services.publisher.ports import Picture


@dataclass(frozen=True)
class MongoPictures:
    """Collection `pictures`: `_id` sha256, `content`, `media_type`, `width`, `height`, `size`, `uploaded_by`, `at`.

    A picture is one document: the largest that is let in is smaller than what a document may hold.
    """

    database: Database

    async def known(self, tx: Tx, digests: Sequence[str]) -> Mapping[str, KnownPicture]:
        query = {"_id": {"$in": list(digests)}}
        found = tx.collection("pictures").find(query, {"size": 1}, session=tx.session)
        rows = await found.to_list(len(digests) or 1)
        return {row["_id"]: KnownPicture(row["_id"], row["size"]) for row in rows}

    async def add(self, tx: Tx, picture: Picture, by: str) -> None:
        row = {
            "content": Binary(picture.content),
            "media_type": picture.media_type,
            "width": picture.width,
            "height": picture.height,
            "size": len(picture.content),
            "uploaded_by": by,
            "at": tx.now,
        }
        place = {"_id": picture.sha256}
        await tx.collection("pictures").update_one(place, {"$setOnInsert": row}, upsert=True, session=tx.session)

    async def read(self, sha256: str) -> Picture | None:
        row = await self.database["pictures"].find_one({"_id": sha256})
        if row is None:
            return None
        return Picture(sha256, bytes(row["content"]), row["media_type"], row["width"], row["height"])


@dataclass(frozen=True)
class MongoUploads:
    """Collection `uploads`: `_id` account|purpose|sha256, `reference` (an address or a media id)."""

    database: Database

    async def find(self, account_id: str, purpose: str, sha256: str) -> str | None:
        row = await self.database["uploads"].find_one({"_id": _place(account_id, purpose, sha256)})
        return None if row is None else str(row["reference"])

    async def put(self, account_id: str, purpose: str, sha256: str, reference: str) -> None:
        place = {"_id": _place(account_id, purpose, sha256)}
        await self.database["uploads"].update_one(place, {"$set": {"reference": reference}}, upsert=True)

    async def forget(self, account_id: str, purpose: str, digests: Sequence[str]) -> None:
        places = [_place(account_id, purpose, sha256) for sha256 in digests]
        await self.database["uploads"].delete_many({"_id": {"$in": places}})


def _place(account_id: str, purpose: str, sha256: str) -> str:
    return f"{account_id}|{purpose}|{sha256}"
