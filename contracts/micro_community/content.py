"""Posts and replies, and what becomes of them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from contracts.envelope import Event


class PostCreated(Event, subject="micro_community.post.created.v1", key="post_id"):
    """A member, or the account itself (`author_id` None), opened a post."""

    post_id: str
    account_id: str
    board_id: str
    author_id: str | None
    title: str | None
    excerpt: str
    article_url: str | None
    """Set when the post discusses an article of the account."""
    created_at: datetime
    topics: tuple[str, ...] = ()


class ReplyCreated(Event, subject="micro_community.reply.created.v1", key="reply_id"):
    """A member replied to a post, or to a reply of it (`parent_reply_id`)."""

    reply_id: str
    post_id: str
    account_id: str
    author_id: str
    parent_reply_id: str | None
    excerpt: str
    notified_member_ids: tuple[str, ...]
    """Who is to be told: the post's author, the parent reply's author; never the author of this reply."""
    created_at: datetime


TargetKind = Literal["post", "reply"]


class PostHeld(Event, subject="micro_community.post.held.v1", key="post_id"):
    """A post waits for a moderator; nobody but its author sees it. `reasons` are codes of the rules that held it."""

    post_id: str
    account_id: str
    author_id: str
    reasons: tuple[str, ...]
    held_at: datetime


class PostScheduled(Event, subject="micro_community.post.scheduled.v1", key="post_id"):
    """A post will appear at `publish_at`."""

    post_id: str
    account_id: str
    author_id: str
    publish_at: datetime


class PostEdited(Event, subject="micro_community.post.edited.v1", key="post_id"):
    """The author changed a post; the earlier text is kept in its history."""

    post_id: str
    account_id: str
    title: str | None
    excerpt: str
    edited_at: datetime
    topics: tuple[str, ...] = ()
    topics_before: tuple[str, ...] = ()
    was_visible: bool = True
    """False: it was still waiting, or scheduled."""


class PostRemoved(Event, subject="micro_community.post.removed.v1", key="post_id"):
    """A post is no longer shown: its author deleted it (`by` `author`), or it was taken down (`moderator`)."""

    post_id: str
    account_id: str
    by: Literal["author", "moderator"]
    reason: str
    was_visible: bool
    """False: it had been waiting, and was rejected."""
    removed_at: datetime
    topics: tuple[str, ...] = ()


class PostRestored(Event, subject="micro_community.post.restored.v1", key="post_id"):
    """A removed post is shown again."""

    post_id: str
    account_id: str
    restored_at: datetime
    topics: tuple[str, ...] = ()


class PostMarked(Event, subject="micro_community.post.marked.v1", key="post_id"):
    """A moderator pinned, featured or locked a post, or undid it (`on` False)."""

    post_id: str
    account_id: str
    mark: Literal["pinned", "featured", "locked"]
    on: bool
    marked_at: datetime


class ReplyHeld(Event, subject="micro_community.reply.held.v1", key="reply_id"):
    """A reply waits for a moderator; nobody but its author sees it."""

    reply_id: str
    post_id: str
    account_id: str
    author_id: str
    reasons: tuple[str, ...]
    held_at: datetime


class ReplyRemoved(Event, subject="micro_community.reply.removed.v1", key="reply_id"):
    """A reply is no longer shown; see `PostRemoved`."""

    reply_id: str
    post_id: str
    account_id: str
    by: Literal["author", "moderator"]
    reason: str
    was_visible: bool
    removed_at: datetime


class ReplyRestored(Event, subject="micro_community.reply.restored.v1", key="reply_id"):
    """A removed reply is shown again."""

    reply_id: str
    post_id: str
    account_id: str
    restored_at: datetime
