"""Replies on two levels: to a post, and within the thread of such a reply (楼中楼)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from services.micro_community.domain.picture import PictureSize
from services.micro_community.domain.post import NotYours, Post, StateForbids, require_undoable
from services.micro_community.domain.text import excerpt

State: TypeAlias = Literal["visible", "waiting", "removed", "deleted"]


@dataclass(frozen=True)
class Reply:
    """`root_id` is the reply to the post whose thread this belongs to; None: it is such a reply itself."""

    reply_id: str
    post_id: str
    account_id: str
    author_id: str
    text: str
    created_at: datetime
    parent_reply_id: str | None = None
    root_id: str | None = None
    answered_id: str | None = None
    """The member whose reply `parent_reply_id` is."""
    quoted: str | None = None
    """What is quoted of the parent, as it was."""
    pictures: tuple[PictureSize, ...] = ()
    mentions: tuple[str, ...] = ()
    notified_member_ids: tuple[str, ...] = ()
    state: State = "visible"
    held_for: tuple[str, ...] = ()
    removed_for: str | None = None
    removed_from: State | None = None
    """What it was when a moderator removed it."""
    erased_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_from: State | None = None
    """What it was when its author deleted it."""
    written_at: datetime | None = None
    """When its author sent it, if that is not when it appeared (`created_at`)."""
    aggver: int = 0

    @property
    def excerpt(self) -> str:
        return excerpt(self.text, pictured=bool(self.pictures))

    @property
    def never_public(self) -> bool:
        """Nobody but its author and moderators has seen it yet."""
        return (self.removed_from or self.state) == "waiting"

    @property
    def sent_at(self) -> datetime:
        return self.written_at or self.created_at

    def deleted(self, member_id: str, now: datetime) -> Reply:
        """Raises:
        NotYours, StateForbids
        """
        if self.author_id != member_id:
            raise NotYours
        if self.state in ("deleted", "removed"):
            raise StateForbids
        return replace(self, state="deleted", removed_for="author", deleted_at=now, deleted_from=self.state)

    def undeleted(self, member_id: str, now: datetime) -> Reply:
        """Raises:
        NotYours, StateForbids, UndoWindowOver
        """
        if self.author_id != member_id:
            raise NotYours
        require_undoable(self, now)
        return replace(self, state="visible", removed_for=None, deleted_at=None, deleted_from=None)

    def erased(self, now: datetime) -> Reply:
        """Nothing of what was said remains; the empty reply holds its thread together."""
        return replace(
            self,
            state="deleted",
            removed_for="author",
            text="",
            quoted=None,
            pictures=(),
            mentions=(),
            erased_at=now,
        )

    def removed(self, reason: str) -> Reply:
        """Raises:
        StateForbids
        """
        if self.state not in ("visible", "waiting"):
            raise StateForbids
        return replace(self, state="removed", removed_for=reason, removed_from=self.state)

    def shown(self, now: datetime) -> Reply:
        """Approved or restored. What was never public appears as of now.

        Raises:
            StateForbids
        """
        if self.state in ("visible", "deleted"):
            raise StateForbids
        created_at = now if self.never_public else self.created_at
        seen = replace(self, written_at=self.sent_at)
        return replace(seen, state="visible", removed_for=None, removed_from=None, created_at=created_at)


def to_be_told(author_id: str, post: Post, parent: Reply | None, mentions: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The parent's author, the post's, and who is mentioned: each once, and never the one who replies."""
    candidates = [parent.author_id if parent else None, post.author_id, *mentions]
    return tuple(dict.fromkeys(one for one in candidates if one is not None and one != author_id))
