"""What members write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

from contracts.envelope import Event
from kit.transaction import Tx
from services.micro_community.domain.consequences import Consequences
from services.micro_community.domain.picture import Picture
from services.micro_community.domain.post import Post
from services.micro_community.domain.reply import Reply

MarkKind: TypeAlias = Literal["likes", "favourites", "follows"]


class Posts(Protocol):
    async def of(self, account_id: str, post_id: str) -> Post:
        """A visible one of that community, to be read but not saved: without what it said before. Raises NotFound."""

    def asked(self, account_id: str, post_id: str) -> Callable[[], Awaitable[Post]]:
        """The same in two steps, asked for now and awaited later; and as it was within the last tenth of a second, if
        no change of a post was made through this replica or heard of since."""

    def changed(self) -> None:
        """Some were written to, here or elsewhere."""

    async def find(self, account_id: str, post_id: str, *, tx: Tx | None = None) -> Post:
        """One in any state. Raises NotFound."""

    async def add(
        self, post: Post, event: Event, *, now: datetime, fingerprint: str = "", tx: Tx | None = None
    ) -> Post:
        """Store it; the same id once more answers what is stored. Raises IdempotencyKeyReused."""

    async def save(self, post: Post, event: Event, *, now: datetime, tx: Tx | None = None) -> None: ...

    async def stored(self, post_id: str, fingerprint: str) -> Post | None:
        """What an earlier attempt with the same key stored."""

    async def written_since(self, member_id: str, since: datetime, *, most: int) -> int: ...

    async def due(self, now: datetime, *, most: int) -> list[Post]:
        """Scheduled ones whose time has come."""


class Replies(Protocol):
    """Like posts."""

    async def of(self, account_id: str, reply_id: str) -> Reply: ...

    async def find(self, account_id: str, reply_id: str, *, tx: Tx | None = None) -> Reply: ...

    async def add(self, reply: Reply, event: Event, *, now: datetime, fingerprint: str = "") -> Reply: ...

    async def save(self, reply: Reply, event: Event, *, now: datetime, tx: Tx | None = None) -> None: ...

    async def stored(self, reply_id: str, fingerprint: str) -> Reply | None: ...

    async def written_since(self, member_id: str, since: datetime, *, most: int) -> int: ...


@dataclass(frozen=True)
class Marking:
    """A mark to be set or cleared: what it is of, and the events that say so."""

    mark_id: str
    fields: dict[str, Any]
    on: Event
    off: Event


class Marks(Protocol):
    """Likes, favourites and follows: there or not."""

    async def turn(self, kind: MarkKind, marking: Marking, *, on: bool, now: datetime) -> bool:
        """False: it was so before."""

    async def count(self, kind: MarkKind, member_id: str, *, most: int) -> int: ...


class Records(Protocol):
    """Documents that are written once, with their event: votes, check-ins."""

    async def add(self, collection: str, document: dict[str, Any], event: Event, *, now: datetime) -> dict[str, Any]:
        """Answers what is stored under the id: this, or what was there before."""

    async def find(self, collection: str, record_id: str) -> dict[str, Any] | None: ...


class Pictures(Protocol):
    async def of(self, account_id: str, picture_id: str) -> Picture:
        """Raises NotFound."""

    async def of_member(self, member_id: str, ids: tuple[str, ...]) -> dict[str, Picture]: ...

    async def stored(self, picture_id: str, sha256: str) -> Picture | None:
        """Raises IdempotencyKeyReused."""

    async def add(self, picture: Picture) -> Picture: ...

    async def unused(self, before: datetime, *, most: int) -> list[str]: ...

    async def drop(self, picture_id: str) -> None: ...


class Projections(Protocol):
    async def apply(self, tx: Tx, consequences: Consequences) -> None: ...

    async def tell_followers(self, tx: Tx) -> str | None:
        """Tell the next followers of a post that has too many to be told in one transaction with the rest. Answers
        their community; None: all were told."""
