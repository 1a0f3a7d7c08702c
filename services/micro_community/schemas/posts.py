"""Posts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from contracts.micro_community import FollowedKind
from services.micro_community.domain.picture import MOST_PER_POST
from services.micro_community.domain.text import LONGEST_POST, LONGEST_TITLE
from services.micro_community.schemas.common import AuthorView, Body, Id, LinkView, OptionText, PictureView

# Twice the length that is kept: cleaning may shorten, and it is the cleaned text that counts.
TitleText = Annotated[str, StringConstraints(max_length=LONGEST_TITLE * 2)]
PostText = Annotated[str, StringConstraints(max_length=LONGEST_POST * 2)]


class NewPollBody(Body):
    options: Annotated[list[OptionText], Field(min_length=2, max_length=10)]
    multiple: bool = False
    closes_at: AwareDatetime


class NewPost(Body):
    title: TitleText | None = None
    text: PostText
    board_id: Id | None = None
    picture_ids: Annotated[tuple[Id, ...], Field(max_length=MOST_PER_POST * 2)] = ()
    mentions: Annotated[tuple[Id, ...], Field(max_length=10)] = ()
    quoted_post_id: Id | None = None
    poll: NewPollBody | None = None
    publish_at: AwareDatetime | None = None


class EditedPost(Body):
    title: TitleText | None = None
    text: PostText


class Vote(Body):
    choices: Annotated[list[Annotated[int, Field(ge=0, le=9)]], Field(min_length=1, max_length=10)]


class Reading(Body):
    floor: Annotated[int, Field(ge=0, lt=2**31)]


class ArticleView(BaseModel):
    url: str
    cover: str


class QuoteView(BaseModel):
    """The quoted post; None of its text when it is not shown any more."""

    post_id: str
    gone: bool
    title: str | None = None
    excerpt: str = ""
    author: AuthorView | None = None


class OptionView(BaseModel):
    text: str
    votes: int


class PollView(BaseModel):
    options: list[OptionView]
    multiple: bool
    closes_at: datetime
    voters: int
    my_choices: list[int] | None


class MineView(BaseModel):
    """What the post is to the caller."""

    author: bool
    liked: bool
    favourited: bool
    followed: bool
    read_floor: int | None
    """The last floor the caller read; None: never opened."""
    unread: int


class PostView(BaseModel):
    post_id: str
    board_id: str
    author: AuthorView
    state: str
    """`visible`; to its author also `waiting`, `scheduled`, `removed`."""
    held_for: list[str] = []
    """Why it waits for a moderator: `first`, `link`, `picture`, `new_member`, `sensitive_word`."""
    removed_for: str | None = None
    """Why a moderator took it down, in their words."""
    title: str | None
    text: str
    article: ArticleView | None
    pictures: list[PictureView]
    topics: list[str]
    mentions: list[AuthorView]
    links: list[LinkView]
    quoted: QuoteView | None
    poll: PollView | None
    created_at: datetime
    edited_at: datetime | None
    publish_at: datetime | None
    last_active_at: datetime
    reply_count: int
    like_count: int
    favourite_count: int
    floors: int
    """The highest floor given so far."""
    pinned: bool
    featured: bool
    locked: bool
    mine: MineView | None
    """None for guests."""


class JudgedPostView(PostView):
    """A post as a moderator sees it who decides on it."""

    version: int
    """To be sent with the approval."""


class PostPage(BaseModel):
    items: list[PostView]
    next_cursor: str | None


class FoundView(BaseModel):
    post: PostView
    title_hits: list[tuple[int, int]]
    """Where the words are: start and end, in characters."""
    text_hits: list[tuple[int, int]]


class FoundPage(BaseModel):
    items: list[FoundView]
    next_cursor: str | None


class RevisionView(BaseModel):
    title: str | None
    text: str
    until: datetime


class RevisionList(BaseModel):
    items: list[RevisionView]


class FollowView(BaseModel):
    """What the caller follows: a topic by its name, a member, or a post in short."""

    kind: FollowedKind
    followed_id: str
    at: datetime
    member: AuthorView | None = None
    post: QuoteView | None = None


class FollowPage(BaseModel):
    items: list[FollowView]
    next_cursor: str | None


class TopicView(BaseModel):
    name: str
    posts: int
    followers: int
    followed: bool


class TopicPage(BaseModel):
    items: list[TopicView]
