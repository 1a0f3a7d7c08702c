"""What can follow from an event."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from kit.ids import derived_id
from services.micro_community.domain.growth import day_of

NoticeKind: TypeAlias = Literal[
    "reply", "mention", "like", "follow", "removed", "approved", "badge", "report", "followed_post"
]
Document: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Notice:
    """A line in a member's list of notifications."""

    account_id: str
    member_id: str
    kind: NoticeKind
    subject_id: str
    """What it is about; with kind and member it makes the notice unique."""
    post_id: str | None
    reply_id: str | None
    actor_id: str | None
    excerpt: str
    at: datetime
    said: str = ""
    """All that somebody said, for who does not want to read certain words; not kept."""

    @property
    def notification_id(self) -> str:
        return derived_id("notification", self.kind, self.subject_id, self.member_id)


@dataclass(frozen=True)
class Happening:
    """What open pages are told. `to` names the one member it is for; None: everybody in the community."""

    account_id: str
    kind: str
    post_id: str | None
    content: dict[str, Any]
    at: datetime
    to: str | None = None


@dataclass
class PostTally:
    """How a post's counters change."""

    replies: int = 0
    likes: int = 0
    favourites: int = 0
    followers: int = 0
    last_active_at: datetime | None = None
    numbered: list[str] = field(default_factory=list)
    """Replies to the post itself, new with this harvest, in order: each gets the next floor (楼层)."""
    votes: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    voters: int = 0


@dataclass
class ReplyTally:
    thread: int = 0
    likes: int = 0


@dataclass
class MemberTally:
    account_id: str = ""
    posts: int = 0
    replies: int = 0
    likes_received: int = 0
    followers: int = 0
    following: int = 0
    points: int = 0
    streak: int | None = None
    checked_in_on: str | None = None


@dataclass
class TopicTally:
    account_id: str = ""
    posts: int = 0
    followers: int = 0
    at: datetime | None = None


@dataclass
class DayTally:
    """What was new on a day in Shanghai."""

    posts: int = 0
    replies: int = 0
    likes: int = 0


@dataclass(frozen=True)
class Points:
    """A line of the ledger (积分). Reason and subject make it unique."""

    account_id: str
    member_id: str
    amount: int
    reason: str
    subject_id: str
    at: datetime

    @property
    def line_id(self) -> str:
        return derived_id("points", self.reason, self.subject_id, self.member_id)


@dataclass(frozen=True)
class Watched:
    """Something new in a post: its followers are told, but for those who are told anyway."""

    post_id: str
    notice: Notice
    """As it will be, with an empty `member_id`."""
    knowing: frozenset[str]


@dataclass(frozen=True)
class Told:
    """An event as it leaves: for webhooks that were there when it happened."""

    event_id: str
    account_id: str
    kind: str
    body: str
    at: datetime


@dataclass
class Consequences:
    """Everything that follows from one harvest."""

    notices: list[Notice] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    points: list[Points] = field(default_factory=list)
    posts: defaultdict[str, PostTally] = field(default_factory=lambda: defaultdict(PostTally))
    replies: defaultdict[str, ReplyTally] = field(default_factory=lambda: defaultdict(ReplyTally))
    members: defaultdict[str, MemberTally] = field(default_factory=lambda: defaultdict(MemberTally))
    topics: defaultdict[tuple[str, str], TopicTally] = field(default_factory=lambda: defaultdict(TopicTally))
    """By account and name."""
    watched: list[Watched] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    days: defaultdict[tuple[str, str], DayTally] = field(default_factory=lambda: defaultdict(DayTally))
    """By account and day."""
    searchable: dict[str, Document | None] = field(default_factory=dict)
    """Post → the document as it is to be found; None: not to be found any more."""
    pictures: dict[str, bool] = field(default_factory=dict)
    """Picture → shown or not."""
    floors: dict[str, int] = field(default_factory=dict)
    """Reply → its floor, once it was counted."""

    @property
    def account_ids(self) -> frozenset[str]:
        return frozenset(happening.account_id for happening in self.happenings)

    def member(self, member_id: str, account_id: str) -> MemberTally:
        tally = self.members[member_id]
        tally.account_id = account_id
        return tally

    def day(self, account_id: str, at: datetime) -> DayTally:
        return self.days[(account_id, day_of(at))]

    def tell(self, notice: Notice) -> None:
        """A notice; never to the one who caused it."""
        if notice.member_id != notice.actor_id:
            self.notices.append(notice)


def told(notice: Notice) -> Happening:
    """The live side of a notice."""
    content = {
        "notification_id": notice.notification_id,
        "kind": notice.kind,
        "post_id": notice.post_id,
        "reply_id": notice.reply_id,
        "actor_id": notice.actor_id,
        "excerpt": notice.excerpt,
    }
    return Happening(notice.account_id, "notification", notice.post_id, content, notice.at, notice.member_id)
