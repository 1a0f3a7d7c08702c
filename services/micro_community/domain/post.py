"""Posts: what they are, and who may change them when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias

from kit.refusal import NotFound, Refusal
from services.micro_community.domain.picture import PictureSize
from services.micro_community.domain.poll import Poll
from services.micro_community.domain.text import excerpt

State: TypeAlias = Literal["visible", "scheduled", "waiting", "removed", "deleted"]
"""`waiting` for a moderator; `removed` by one; `deleted` by its author."""
Mark: TypeAlias = Literal["pinned", "featured", "locked"]
UNSEEN: tuple[State, ...] = ("waiting", "scheduled")
LONGEST_SCHEDULE = timedelta(days=90)
UNDO_FOR = timedelta(minutes=10)
MOST_REVISIONS = 20
"""The first text is kept besides: what was answered is seen, and the document stays small."""


class PostLocked(Refusal):
    """A moderator closed the discussion."""

    code = "micro_community.post_locked"
    status = 409
    text = "这个帖子已关闭讨论，不能再回复。"


class NotYours(Refusal):
    """Only the author may do this."""

    code = "micro_community.not_yours"
    status = 403
    text = "只能修改自己发布的内容。"


class EditWindowOver(Refusal):
    """It has been public too long to change under those who answered it."""

    code = "micro_community.edit_window_over"
    status = 409
    text = "已超过可编辑的时间，您可以删除后重新发布。"


class UndoWindowOver(Refusal):
    """It has been gone too long to be brought back by its author."""

    code = "micro_community.undo_window_over"
    status = 409
    text = "删除已超过 10 分钟，不能再恢复，您可以重新发布。"


class StateForbids(Refusal):
    """It is not in the state that this needs."""

    code = "micro_community.state_forbids"
    status = 409
    text = "内容当前的状态不允许这项操作，请刷新后再看。"


class ScheduleInvalid(Refusal):
    code = "micro_community.schedule_invalid"
    status = 422
    text = "定时发布的时间必须在将来，且在 90 天以内。"


@dataclass(frozen=True)
class Article:
    """An article of the account that a post discusses."""

    url: str
    cover: str
    mass_send_id: str
    index: int


@dataclass(frozen=True)
class Revision:
    """What a post said before an edit."""

    title: str | None
    text: str
    topics: tuple[str, ...]
    until: datetime


@dataclass(frozen=True)
class Post:
    """帖子. `author_id` None: the account itself speaks."""

    post_id: str
    account_id: str
    board_id: str
    author_id: str | None
    title: str | None
    text: str
    created_at: datetime
    article: Article | None = None
    pictures: tuple[PictureSize, ...] = ()
    topics: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    quoted_post_id: str | None = None
    poll: Poll | None = None
    state: State = "visible"
    held_for: tuple[str, ...] = ()
    publish_at: datetime | None = None
    edited_at: datetime | None = None
    revisions: tuple[Revision, ...] = ()
    removed_for: str | None = None
    removed_from: State | None = None
    """What it was when a moderator removed it."""
    pinned_at: datetime | None = None
    featured_at: datetime | None = None
    locked_at: datetime | None = None
    erased_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_from: State | None = None
    """What it was when its author deleted it."""
    written_at: datetime | None = None
    """When its author sent it, if that is not when it appeared (`created_at`)."""
    aggver: int = 0

    @property
    def excerpt(self) -> str:
        return excerpt(self.text or self.title or "", pictured=bool(self.pictures))

    @property
    def never_public(self) -> bool:
        """Nobody but its author and moderators has seen it yet."""
        return (self.removed_from or self.state) in UNSEEN

    def require_seen_by(self, member_id: str | None, *, moderates: bool = False) -> None:
        """Raises:
        NotFound: it is not public, and the reader neither wrote it nor moderates.
        """
        own = member_id is not None and member_id == self.author_id and self.state != "deleted"
        if not (self.state == "visible" or own or moderates):
            raise NotFound

    def accept_replies(self) -> None:
        """Raises:
        PostLocked
        """
        if self.locked_at is not None:
            raise PostLocked

    def edited(self, member_id: str, title: str | None, text: str, topics: tuple[str, ...], at: Moment) -> Post:
        """Raises:
        NotYours, EditWindowOver, StateForbids
        """
        self._require_author(member_id)
        if self.state not in ("visible", "waiting", "scheduled"):
            raise StateForbids
        if self.state == "visible" and at.now > self.created_at + timedelta(minutes=at.edit_minutes):
            raise EditWindowOver(minutes=at.edit_minutes)
        before = (*self.revisions, Revision(self.title, self.text, self.topics, at.now))
        kept = before if len(before) <= MOST_REVISIONS else (before[0], *before[1:][-MOST_REVISIONS:])
        return replace(self, title=title, text=text, topics=topics, edited_at=at.now, revisions=kept)

    @property
    def sent_at(self) -> datetime:
        return self.written_at or self.created_at

    def deleted(self, member_id: str, now: datetime) -> Post:
        """Raises:
        NotYours, StateForbids
        """
        self._require_author(member_id)
        if self.state in ("deleted", "removed"):
            raise StateForbids
        return replace(self, state="deleted", removed_for="author", deleted_at=now, deleted_from=self.state)

    def undeleted(self, member_id: str, now: datetime) -> Post:
        """Its author thinks better of it. Only what was public comes back: the rest would get around a moderator.

        Raises:
            NotYours, StateForbids, UndoWindowOver
        """
        self._require_author(member_id)
        require_undoable(self, now)
        return replace(self, state="visible", removed_for=None, deleted_at=None, deleted_from=None)

    def erased(self, now: datetime) -> Post:
        """Nothing of what was said remains; the empty post holds its replies together."""
        return replace(
            self,
            state="deleted",
            removed_for="author",
            title=None,
            text="",
            pictures=(),
            topics=(),
            mentions=(),
            poll=None,
            revisions=(),
            erased_at=now,
        )

    def removed(self, reason: str) -> Post:
        """Raises:
        StateForbids
        """
        if self.state not in ("visible", "waiting", "scheduled"):
            raise StateForbids
        return replace(self, state="removed", removed_for=reason, removed_from=self.state)

    def held(self, reason: str) -> Post:
        """Its time has come, but a moderator must look first.

        Raises:
            StateForbids
        """
        if self.state != "scheduled":
            raise StateForbids
        return replace(self, state="waiting", held_for=(reason,))

    def shown(self, now: datetime) -> Post:
        """Approved, restored, or its time has come. What was never public appears as of now, or at its time.

        Raises:
            StateForbids
        """
        if self.state in ("visible", "deleted"):
            raise StateForbids
        if self.state != "scheduled" and self.publish_at is not None and self.publish_at > now:
            return replace(self, state="scheduled", removed_for=None, removed_from=None)
        created_at = now if self.never_public else self.created_at
        seen = replace(self, written_at=self.sent_at)
        return replace(
            seen, state="visible", removed_for=None, removed_from=None, publish_at=None, created_at=created_at
        )

    def marked(self, mark: Mark, *, on: bool, now: datetime) -> Post:
        """Raises:
        StateForbids
        """
        if self.state != "visible":
            raise StateForbids
        return replace(self, **{f"{mark}_at": now if on else None})  # type: ignore[arg-type]

    def _require_author(self, member_id: str) -> None:
        if self.author_id != member_id:
            raise NotYours


class Deletable(Protocol):
    """A post or a reply."""

    @property
    def state(self) -> str: ...
    @property
    def erased_at(self) -> datetime | None: ...
    @property
    def deleted_at(self) -> datetime | None: ...
    @property
    def deleted_from(self) -> str | None: ...


def require_undoable(thing: Deletable, now: datetime) -> None:
    """Raises:
    StateForbids, UndoWindowOver
    """
    if thing.state != "deleted" or thing.erased_at is not None or thing.deleted_from != "visible":
        raise StateForbids
    if thing.deleted_at is None or now > thing.deleted_at + UNDO_FOR:
        raise UndoWindowOver(minutes=int(UNDO_FOR.total_seconds() // 60))


@dataclass(frozen=True)
class Moment:
    """When an edit happens, and how long after publication that is allowed."""

    now: datetime
    edit_minutes: int


def scheduled_for(publish_at: datetime | None, now: datetime) -> datetime | None:
    """Raises:
    ScheduleInvalid
    """
    if publish_at is not None and not now < publish_at <= now + LONGEST_SCHEDULE:
        raise ScheduleInvalid
    return publish_at
