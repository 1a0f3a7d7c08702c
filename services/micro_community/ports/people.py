"""The community, its members, and what is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from kit.transaction import Tx
from services.micro_community.domain.community import Community
from services.micro_community.domain.member import Member
from services.micro_community.domain.moderation import Moderator
from services.micro_community.domain.notice import Occasion
from services.micro_community.domain.post import Post
from services.micro_community.domain.reply import Reply


class Communities(Protocol):
    async def of(self, account_id: str) -> Community:
        """As of a second ago at most, and not before the last `changed`. Raises NotFound."""

    def changed(self) -> None:
        """Rules or boards are others from now on."""

    async def put(self, tx: Tx, community: Community) -> None: ...

    async def in_transaction(self, tx: Tx, account_id: str) -> Community | None: ...


class Members(Protocol):
    async def of(self, account_id: str, member_id: str) -> Member:
        """Somebody who joined and did not leave. Raises NotFound."""

    async def writing(self, account_id: str, member_id: str) -> Member:
        """Who is about to write something. Raises MemberGone."""

    async def present(self, account_id: str, ids: tuple[str, ...]) -> frozenset[str]:
        """Those of the ids that are members of the community."""

    async def in_transaction(self, tx: Tx, member_id: str) -> Member | None: ...

    async def put(self, tx: Tx, member: Member) -> None: ...

    async def claim_look_up(self, member_id: str, now: datetime, *, again_after: timedelta) -> bool:
        """Whether it is time to ask WeChat about the member. False: somebody did a moment ago."""

    async def note_following(self, member_id: str, *, follows: bool) -> None: ...


@dataclass(frozen=True)
class Which:
    """Notifications up to a position, of an id, about a post; what is None narrows nothing."""

    up_to: int | None
    notification_id: str | None
    post_id: str | None


class Notifications(Protocol):
    async def require(self, member_id: str, notification_id: str) -> None:
        """Raises NotFound: the member was not told of any such thing."""

    async def read(self, account_id: str, member_id: str, which: Which) -> bool:
        """Mark as read. False: nothing of it was unread."""

    async def listed(self, member_id: str, notification_ids: tuple[str, ...]) -> None:
        """They wait for no word outside of the page any more."""

    async def forget(self, tx: Tx, member_id: str, actor_ids: tuple[str, ...], words: tuple[str, ...]) -> None:
        """Delete what these caused, and where somebody used these words."""


@dataclass(frozen=True)
class UnreadNotice:
    """A notification that nobody has read yet, and that may be sent outside of the page."""

    notification_id: str
    account_id: str
    member_id: str
    kind: str
    post_id: str | None
    reply_id: str | None
    actor_id: str | None
    excerpt: str
    at: datetime


class Notices(Protocol):
    """Notices outside of the page, and how many a member accepted."""

    async def due(self, before: datetime, *, most: int) -> list[str]:
        """Members for whom something has been waiting since then, each once; `most` notifications are looked at."""

    async def put_aside(self, tx: Tx, member_id: str) -> list[UnreadNotice]:
        """Nothing waits for this member any more: what did, the newest first."""

    async def spend(self, tx: Tx, member_id: str, template_id: str) -> bool:
        """False: none is left."""

    async def grant(self, tx: Tx, account_id: str, member_id: str, template_id: str) -> None: ...

    async def revoke(self, tx: Tx, member_id: str, template_id: str) -> None: ...

    async def revoke_of(self, tx: Tx, notification_id: str) -> None:
        """For the member whose notification it is, by whatever template."""

    async def occasion(self, tx: Tx, unread: UnreadNotice, community: str) -> Occasion | None:
        """What to say; None: what it is about is not shown any more."""


class Notes(Protocol):
    """What a member keeps for themselves: drafts, and how far they have read."""

    async def put_draft(
        self, account_id: str, member_id: str, slot: str, content: dict[str, Any], now: datetime
    ) -> None:
        """Raises TooManyDrafts."""

    async def drop_draft(self, member_id: str, slot: str) -> None: ...

    async def have_read(self, account_id: str, member_id: str, post_id: str, floor: int, now: datetime) -> None: ...


class Visits(Protocol):
    """Who was here on a day, and what was shared."""

    async def present(self, account_id: str, member_id: str, now: datetime) -> None:
        """Once a day is enough."""

    async def at_desk(self, account_id: str, by: Moderator, now: datetime) -> None:
        """A person looks at the chats."""

    async def name_at_desk(self, account_id: str, person_id: str, *, since: datetime) -> str | None:
        """Under which name somebody looked at the chats since then; None: they did not."""

    async def count(
        self, tx: Tx, account_id: str, what: Literal["shares", "returns"], *, by: str | None = None
    ) -> None:
        """`by`: which way was taken."""


class Erasures(Protocol):
    """What is left of members who left."""

    async def due(self, *, most: int) -> list[Member]: ...

    async def posts(self, member: Member, *, most: int) -> list[Post]: ...

    async def replies(self, member: Member, *, most: int) -> list[Reply]: ...

    async def withdraw_marks(self, member: Member, now: datetime, *, most: int) -> int:
        """Their likes, favourites and follows, and that others follow them: who comes back begins without."""

    async def pictures(self, member: Member, *, most: int) -> list[str]: ...

    async def drop_picture(self, picture_id: str) -> None: ...

    async def unsettled(self, member: Member) -> bool:
        """True while something of theirs, or about them, waits to be harvested: counters do not know of it yet, and
        what would be deleted has not been told."""

    async def forfeit(self, tx: Tx, member: Member, *, most: int) -> int:
        """Points, and likes of what is erased, are theirs no more, and counted no more. How many there were."""

    async def forget(self, member: Member) -> None:
        """Drafts, readings, notifications and the like go."""

    async def finish(self, tx: Tx, member: Member) -> None:
        """The member is done with, unless they left once more in the meantime."""


class Codes(Protocol):
    """OAuth codes that were handed in: each is exchanged once."""

    async def claim(self, account_id: str, code: str, *, return_to: str, now: datetime) -> bool:
        """False: somebody did before."""

    async def return_to(self, account_id: str, code: str) -> str | None:
        """Where the sign-in with this code led."""
