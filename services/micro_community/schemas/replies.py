"""Replies."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from services.micro_community.domain.picture import MOST_PER_REPLY
from services.micro_community.domain.text import LONGEST_REPLY
from services.micro_community.schemas.common import AuthorView, Body, Id, LinkView, PictureView
from services.micro_community.schemas.posts import PostView


class NewReply(Body):
    text: Annotated[str, StringConstraints(max_length=LONGEST_REPLY * 2)]
    parent_reply_id: Id | None = None
    quote: bool = False
    picture_ids: Annotated[tuple[Id, ...], Field(max_length=MOST_PER_REPLY * 2)] = ()
    mentions: Annotated[tuple[Id, ...], Field(max_length=10)] = ()


class ReplyView(BaseModel):
    reply_id: str
    post_id: str
    root_id: str | None
    parent_reply_id: str | None
    answered: AuthorView | None
    """Whose reply this answers, within a thread."""
    author: AuthorView
    state: str
    """`visible`; a reply that is gone but whose thread goes on is `removed` or `deleted`, without its text."""
    text: str
    quoted: str | None
    pictures: list[PictureView]
    links: list[LinkView]
    mentions: list[AuthorView]
    created_at: datetime
    floor: int | None
    """楼层 of a reply to the post; given within a moment after it was written."""
    like_count: int
    liked: bool
    thread_replies: int
    thread: list[ReplyView] = []
    """The first few of its own thread."""


class OwnReplyView(ReplyView):
    """A reply as its author sees it."""

    held_for: list[str] = []
    """Why it waits for a moderator."""
    removed_for: str | None = None
    """What the moderator said who took it down."""
    post_excerpt: str | None = None
    """What the post begins with, in the list of one's own replies; None when the post is gone."""


class OwnReplyPage(BaseModel):
    items: list[OwnReplyView]
    next_cursor: str | None


class ReplyPage(BaseModel):
    items: list[ReplyView]
    next_cursor: str | None
    post: PostView | None = None
    """The post itself, where it was asked for (`with_post`)."""
