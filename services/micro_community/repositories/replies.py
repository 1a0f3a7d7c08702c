"""Replies in `replies`. `floor`, `thread_replies` and `likes` belong to the projection."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime

from contracts.envelope import Event
from kit import embedded
from kit.embedded import Inserts, Writing
from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.transaction import IdempotencyKeyReused, Tx
from services.micro_community.domain.picture import PictureSize
from services.micro_community.domain.reply import Reply
from services.micro_community.repositories.documents import read, to_document


@dataclass(frozen=True)
class MongoReplies:
    database: Database
    source: str
    _inserts: Inserts = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_inserts", Inserts(self.database["replies"]))

    async def of(self, account_id: str, reply_id: str) -> Reply:
        reply = await self.find(account_id, reply_id)
        if reply.state != "visible":
            raise NotFound
        return reply

    async def find(self, account_id: str, reply_id: str, *, tx: Tx | None = None) -> Reply:
        query = {"_id": reply_id, "account_id": account_id}
        document = await self.database["replies"].find_one(query, session=tx.session if tx else None)
        if document is None:
            raise NotFound
        return reply_of(document)

    async def add(self, reply: Reply, event: Event, *, now: datetime, fingerprint: str = "") -> Reply:
        document = document_of(reply) | {"fingerprint": fingerprint, "floor": None, "thread_replies": 0, "likes": 0}
        # One index serves both levels: the thread of a post, and that of a reply to it.
        document["thread_id"] = reply.root_id or reply.post_id
        earlier = await self._inserts.insert(document, [event], Writing(self.source, now))
        return reply if earlier is None else reply_of(earlier)

    async def save(self, reply: Reply, event: Event, *, now: datetime, tx: Tx | None = None) -> None:
        writing = Writing(self.source, now, tx.cause if tx else None, tx.session if tx else None)
        replies = self.database["replies"]
        await embedded.save(replies, document_of(reply), [event], writing, version=reply.aggver)

    async def stored(self, reply_id: str, fingerprint: str) -> Reply | None:
        document = await self.database["replies"].find_one({"_id": reply_id})
        if document is not None and document["fingerprint"] != fingerprint:
            raise IdempotencyKeyReused
        return reply_of(document) if document else None

    async def written_since(self, member_id: str, since: datetime, *, most: int) -> int:
        query = {"author_id": member_id, "created_at": {"$gt": since}}
        return int(await self.database["replies"].count_documents(query, limit=most))


def document_of(reply: Reply) -> Document:
    """Everything that a command may change."""
    document = to_document(reply, "reply_id")
    del document["aggver"]
    return document | {"pictures": [asdict(picture) for picture in reply.pictures]}


def reply_of(document: Document) -> Reply:
    """The reply that a document stands for."""
    pictures = tuple(PictureSize(**picture) for picture in document.get("pictures", ()))
    return read(Reply, document, "reply_id", pictures=pictures)
