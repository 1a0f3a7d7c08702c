"""What publisher keeps, and shares between its processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from kit.transaction import Tx
from services.publisher.domain.account import OfficialAccount
from services.publisher.domain.article import KnownPicture
from services.publisher.domain.follower import Follower
from services.publisher.domain.follower_message import FollowerMessage
from services.publisher.domain.issue import Issue
from services.publisher.domain.mandate import Mandate
from services.publisher.domain.mass_send import JobResult, MassSend
from services.publisher.domain.permit import Permit


class Accounts(Protocol):
    async def get(self, tx: Tx, account_id: str) -> OfficialAccount | None: ...

    async def save(self, tx: Tx, account: OfficialAccount) -> None: ...

    async def unit_accounts(self, tx: Tx, *, but: str) -> list[OfficialAccount]:
        """Every account that is not the group's, without `but`."""
        ...

    async def read(self, account_id: str) -> OfficialAccount | None:
        """As it is now, outside of any transaction."""
        ...

    async def to_check(self, now: datetime, most: int) -> list[str]:
        """Ids of accounts whose connection has to be looked at."""
        ...


class Issues(Protocol):
    async def get(self, tx: Tx, issue_id: str) -> Issue | None: ...

    async def save(self, tx: Tx, issue: Issue) -> None: ...


class Permits(Protocol):
    async def get(self, tx: Tx, permit_id: str) -> Permit | None: ...

    async def save(self, tx: Tx, permit: Permit) -> None: ...

    async def of_issue(self, tx: Tx, issue_id: str) -> list[Permit]:
        """Newest first."""
        ...

    async def to_order(self, now: datetime, most: int) -> list[Permit]:
        """Permits that nobody has used yet and whose time has come, oldest first."""
        ...

    async def newest_of(self, issue_id: str) -> Permit | None: ...


class MassSends(Protocol):
    async def get(self, tx: Tx, mass_send_id: str) -> MassSend | None: ...

    async def save(self, tx: Tx, order: MassSend) -> None: ...

    async def read(self, mass_send_id: str) -> MassSend | None: ...

    async def due(self, now: datetime, most: int, without: Sequence[str]) -> list[MassSend]:
        """Orders that somebody has to look at, the longest overdue first."""
        ...

    async def of_job(self, account_id: str, msg_id: int) -> MassSend | None:
        """The order that the platform knows by this number, outside of any transaction."""
        ...


class JobResults(Protocol):
    """Where an accepted order and the callback about it meet, in whichever order they come.

    Both sides write the same document, so that of two at the same time the later one sees the other.
    """

    async def accepted(self, tx: Tx, account_id: str, msg_id: int, mass_send_id: str) -> JobResult | None:
        """Note whose the job is; answers the result that came before."""
        ...

    async def finished(self, tx: Tx, account_id: str, msg_id: int, result: JobResult) -> str | None:
        """Note how the job ended; answers the order that it belongs to, if that is known."""
        ...


class Mandates(Protocol):
    async def get(self, tx: Tx, mandate_id: str) -> Mandate | None: ...

    async def save(self, tx: Tx, mandate: Mandate) -> None: ...

    async def overdue(self, now: datetime, most: int) -> list[str]: ...


class Followers(Protocol):
    async def get(self, tx: Tx, follower_id: str) -> Follower | None: ...

    async def save(self, tx: Tx, follower: Follower) -> None: ...


class FollowerMessages(Protocol):
    async def get(self, tx: Tx, message_id: str) -> FollowerMessage | None: ...

    async def save(self, tx: Tx, message: FollowerMessage) -> None: ...

    async def due(self, now: datetime, most: int) -> list[FollowerMessage]:
        """Messages that somebody has to look at, the longest overdue first."""
        ...


@dataclass(frozen=True)
class Picture:
    """A picture as it was uploaded. `media_type` is what its bytes are, not what was said of them."""

    sha256: str
    content: bytes
    media_type: str
    width: int
    height: int


class Pictures(Protocol):
    async def known(self, tx: Tx, digests: Sequence[str]) -> Mapping[str, KnownPicture]: ...

    async def add(self, tx: Tx, picture: Picture, by: str) -> None:
        """Keep it; the same bytes are kept once."""
        ...

    async def read(self, sha256: str) -> Picture | None: ...


class Uploads(Protocol):
    """What the platform has of a picture already, per account: `article` (an address) or `cover` (a media id)."""

    async def find(self, account_id: str, purpose: str, sha256: str) -> str | None: ...

    async def put(self, account_id: str, purpose: str, sha256: str, reference: str) -> None: ...

    async def forget(self, account_id: str, purpose: str, digests: Sequence[str]) -> None: ...


class CalendarDays(Protocol):
    """Days that people entered, which go before what the calendar's data says."""

    async def between(self, tx: Tx, first: date, last: date) -> Mapping[date, bool]: ...

    async def put(self, tx: Tx, day: date, *, working: bool, note: str, by: str) -> None: ...


class WorkingCalendar(Protocol):
    def working(self, day: date) -> bool | None:
        """None: there is no data for that year."""
        ...


@dataclass(frozen=True)
class Records:
    """All that publisher keeps."""

    accounts: Accounts
    issues: Issues
    permits: Permits
    mass_sends: MassSends
    results: JobResults
    mandates: Mandates
    followers: Followers
    follower_messages: FollowerMessages
    pictures: Pictures
    calendar_days: CalendarDays


@dataclass(frozen=True)
class SharedSecret:
    """Something the platform gave for a while, sealed. `generation` counts up each time it was fetched anew."""

    sealed: str
    generation: int
    credentials: int
    """Number of the credentials that it was fetched with."""
    expires_at: datetime


class SharedSecrets(Protocol):
    """Tokens and tickets that all processes share. One process at a time fetches a new one."""

    async def read(self, name: str) -> SharedSecret | None: ...

    async def claim(self, name: str, generation: int, seconds: float) -> bool:
        """Try to be the one who replaces this generation (0: the first)."""
        ...

    async def put(self, name: str, secret: SharedSecret) -> None: ...

    async def give_up(self, name: str) -> None:
        """It could not be fetched: let the next one try at once."""
        ...
