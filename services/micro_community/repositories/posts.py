"""Posts in `posts`. `counts`, `votes`, `floors`, `heat` and `last_active_at` belong to the projection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime

from contracts.envelope import Event
from kit import embedded
from kit.embedded import Writing
from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.together import Together, finding
from kit.transaction import IdempotencyKeyReused, Tx
from services.micro_community.domain.picture import PictureSize
from services.micro_community.domain.poll import Poll
from services.micro_community.domain.post import Article, Post, Revision
from services.micro_community.queries.recent import Recent
from services.micro_community.repositories.documents import read, to_document

NO_COUNTS = {"replies": 0, "likes": 0, "favourites": 0, "followers": 0, "voters": 0}


@dataclass(frozen=True)
class MongoPosts:
    database: Database
    source: str
    _finding: Together[str, Post | None] = field(init=False, repr=False)
    _lately: Recent[str, Post | None] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_finding", finding(self.database["posts"], post_of, {"revisions": 0}))
        object.__setattr__(self, "_lately", Recent(self._finding))

    async def of(self, account_id: str, post_id: str) -> Post:
        return _shown(await self._finding(post_id), account_id)

    def asked(self, account_id: str, post_id: str) -> Callable[[], Awaitable[Post]]:
        kept = self._lately.kept(post_id)
        asked = None if kept else asyncio.ensure_future(self._lately(post_id))
        if asked is not None:  # whoever finds something else amiss does not wait for the answer
            asked.add_done_callback(lambda answer: answer.cancelled() or answer.exception())

        async def answer() -> Post:
            return _shown(await asked if asked is not None else kept, account_id)

        return answer

    def changed(self) -> None:
        """Some were written to: what was found before holds no longer."""
        self._lately.forget()

    async def find(self, account_id: str, post_id: str, *, tx: Tx | None = None) -> Post:
        query = {"_id": post_id, "account_id": account_id}
        document = await self.database["posts"].find_one(query, session=tx.session if tx else None)
        if document is None:
            raise NotFound
        return post_of(document)

    async def add(
        self, post: Post, event: Event, *, now: datetime, fingerprint: str = "", tx: Tx | None = None
    ) -> Post:
        document = document_of(post) | {
            "fingerprint": fingerprint,
            "counts": NO_COUNTS,
            "floors": 0,
            "last_active_at": post.created_at,
        }
        return post_of(await embedded.insert(self.database["posts"], document, [event], self._writing(now, tx)))

    async def save(self, post: Post, event: Event, *, now: datetime, tx: Tx | None = None) -> None:
        change = document_of(post)
        await embedded.save(self.database["posts"], change, [event], self._writing(now, tx), version=post.aggver)

    async def stored(self, post_id: str, fingerprint: str) -> Post | None:
        document = await self.database["posts"].find_one({"_id": post_id})
        if document is not None and document["fingerprint"] != fingerprint:
            raise IdempotencyKeyReused
        return post_of(document) if document else None

    async def written_since(self, member_id: str, since: datetime, *, most: int) -> int:
        query = {"author_id": member_id, "created_at": {"$gt": since}}
        return int(await self.database["posts"].count_documents(query, limit=most))

    async def due(self, now: datetime, *, most: int) -> list[Post]:
        found = self.database["posts"].find({"state": "scheduled", "publish_at": {"$lte": now}})
        return [post_of(document) for document in await found.sort([("publish_at", 1)]).to_list(most)]

    def _writing(self, now: datetime, tx: Tx | None) -> Writing:
        return Writing(self.source, now, tx.cause if tx else None, tx.session if tx else None)


def _shown(post: Post | None, account_id: str) -> Post:
    if post is None or post.account_id != account_id or post.state != "visible":
        raise NotFound
    return post


def document_of(post: Post) -> Document:
    """Everything that a command may change."""
    document = to_document(post, "post_id")
    del document["aggver"]
    return document | {
        "article": asdict(post.article) if post.article else None,
        "pictures": [asdict(picture) for picture in post.pictures],
        "poll": asdict(post.poll) if post.poll else None,
        "revisions": [asdict(revision) for revision in post.revisions],
    }


def post_of(document: Document) -> Post:
    """The post that a document stands for."""
    poll = document.get("poll")
    return read(
        Post,
        document,
        "post_id",
        article=Article(**document["article"]) if document.get("article") else None,
        pictures=tuple(PictureSize(**picture) for picture in document.get("pictures", ())),
        poll=Poll(tuple(poll["options"]), poll["multiple"], poll["closes_at"]) if poll else None,
        revisions=tuple(
            Revision(**(revision | {"topics": tuple(revision["topics"])})) for revision in document.get("revisions", ())
        ),
    )
