"""Steps that several commands share: tell of what appears for the first time, and of what goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from contracts.envelope import Event
from contracts.micro_community import (
    PostCreated,
    PostHeld,
    PostRemoved,
    PostScheduled,
    ReplyCreated,
    ReplyRemoved,
)
from services.micro_community.domain.consequences.replies import content_of
from services.micro_community.domain.post import Post
from services.micro_community.domain.reply import Reply


def post_created(post: Post) -> PostCreated:
    """The event of a post that appears for the first time."""
    return PostCreated(
        post_id=post.post_id,
        account_id=post.account_id,
        board_id=post.board_id,
        author_id=post.author_id,
        title=post.title,
        excerpt=post.excerpt,
        article_url=post.article.url if post.article else None,
        created_at=post.created_at,
        topics=post.topics,
    )


def post_scheduled(post: Post) -> PostScheduled:
    """The event of a post that will appear at its time."""
    assert post.author_id is not None and post.publish_at is not None
    return PostScheduled(
        post_id=post.post_id, account_id=post.account_id, author_id=post.author_id, publish_at=post.publish_at
    )


def post_held(post: Post, now: datetime) -> PostHeld:
    """The event of a post that waits for a moderator."""
    assert post.author_id is not None
    return PostHeld(
        post_id=post.post_id,
        account_id=post.account_id,
        author_id=post.author_id,
        reasons=post.held_for,
        held_at=now,
    )


def reply_created(reply: Reply) -> ReplyCreated:
    """The event of a reply that appears for the first time."""
    return ReplyCreated(
        reply_id=reply.reply_id,
        post_id=reply.post_id,
        account_id=reply.account_id,
        author_id=reply.author_id,
        parent_reply_id=reply.parent_reply_id,
        excerpt=reply.excerpt,
        notified_member_ids=reply.notified_member_ids,
        created_at=reply.created_at,
    )


def told_of(reply: Reply, now: datetime) -> dict[str, Any]:
    """What open pages are told of a reply that was written now. Nothing, if it waits for a moderator, or was written
    before: a repetition is answered what the first time was."""
    if reply.state != "visible" or reply.created_at != now:
        return {}
    document = {"_id": reply.reply_id, **vars(reply), "pictures": [vars(picture) for picture in reply.pictures]}
    return content_of(document, reply.created_at)


def removed(item: Post | Reply, by: Literal["author", "moderator"], reason: str, now: datetime) -> Event:
    """The event of a post or reply that goes. `item` is as it was before."""
    common: dict[str, Any] = {
        "post_id": item.post_id,
        "account_id": item.account_id,
        "by": by,
        "reason": reason,
        "was_visible": item.state == "visible",
        "removed_at": now,
    }
    if isinstance(item, Post):
        return PostRemoved(**common, topics=item.topics)
    return ReplyRemoved(**common, reply_id=item.reply_id)
