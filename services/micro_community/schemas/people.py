"""The community, its members, and what is theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from services.micro_community.schemas.common import AuthorView, Body, Id, OptionText, PictureView


class BoardView(BaseModel):
    board_id: str
    name: str
    official: bool


class NoticeOffer(BaseModel):
    """How members can be told outside of the page; `template_id` is for `<wx-open-subscribe>`."""

    channel: Literal["subscription", "template"]
    template_id: str


class CommunityView(BaseModel):
    account_id: str
    name: str
    original_id: str = ""
    """WeChat's name for the account, `gh_…`: what a search in WeChat finds it by. Empty: not known."""
    follow_code_url: str | None = None
    """WeChat's picture of the code that leads to the account's page, where one follows it."""
    sign_in_ready: bool
    guest_reading: bool
    follow_first: bool
    edit_minutes: int
    boards: list[BoardView]
    notices: NoticeOffer | None = None
    """None: there are no notices outside of the page."""


class BadgeView(BaseModel):
    badge_id: str
    name: str


class CountsView(BaseModel):
    posts: int = 0
    replies: int = 0
    likes_received: int = 0
    followers: int = 0
    following: int = 0
    points: int = 0
    best_streak: int = 0


class MuteView(BaseModel):
    """What a moderator took of a member's word."""

    banned: bool
    until: datetime | None
    """When it ends; None: not at all, or the member is not muted."""
    reason: str | None


class ProfileView(BaseModel):
    """A member as others see them."""

    member_id: str
    nickname: str
    avatar_url: str | None
    signature: str | None
    moderator: bool
    joined_at: datetime | None
    level: int
    badges: list[BadgeView]
    counts: CountsView
    followed: bool
    """By the caller."""
    blocked: bool
    mute: MuteView | None = None
    """For moderators alone; None: nothing was taken, or somebody else asks."""


class MemberView(BaseModel):
    """The caller."""

    member_id: str
    nickname: str
    avatar_url: str | None
    signature: str | None
    has_profile: bool
    """False: WeChat told the openid only; offer sign-in with `scope=snsapi_userinfo`."""
    follows_account: bool | None
    joined_at: datetime | None
    moderator: bool
    level: int
    points_to_next_level: int | None
    badges: list[BadgeView]
    counts: CountsView
    streak: int
    checked_in_today: bool
    muted_until: datetime | None
    muted_seconds: int
    """How long the caller may not write yet; 0: they may."""
    banned: bool
    mute_reason: str | None
    blocked_ids: list[str]
    muted_words: list[str]
    muted_notices: list[str]
    unread_notifications: int
    notices_left: int = 0
    """How many subscription notices may still be sent; offer `<wx-open-subscribe>` when it is 0."""


NoticeKind = Literal["reply", "mention", "like", "follow", "removed", "approved", "badge", "report", "followed_post"]
MutedWord = Annotated[str, StringConstraints(min_length=1, max_length=20, strip_whitespace=True)]


class Preferences(Body):
    """The whole of them; what is left out is empty."""

    signature: Annotated[str, StringConstraints(max_length=60)] | None = None
    blocked_ids: Annotated[tuple[Id, ...], Field(max_length=200)] = ()
    muted_words: Annotated[tuple[MutedWord, ...], Field(max_length=50)] = ()
    muted_notices: Annotated[tuple[NoticeKind, ...], Field(max_length=9)] = ()


class ReadUpTo(Body):
    up_to: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    """Position (`seq`) of the newest notification that was seen; None: all."""


class NotificationView(BaseModel):
    notification_id: str
    seq: int
    kind: str
    post_id: str | None
    reply_id: str | None
    root_id: str | None = None
    floor: int | None = None
    """Where the reply stands: its own floor, or that of its thread (`root_id`)."""
    actor: AuthorView | None
    excerpt: str
    gone: bool = False
    """True: what it is about is not shown any more, and neither is the excerpt."""
    at: datetime
    read: bool


class NotificationPage(BaseModel):
    items: list[NotificationView]
    next_cursor: str | None
    unread: int


class UnreadView(BaseModel):
    unread: int


class CheckInView(BaseModel):
    day: str
    streak: int


class PointsView(BaseModel):
    amount: int
    reason: str
    subject_id: str
    at: datetime


class PointsPage(BaseModel):
    items: list[PointsView]
    next_cursor: str | None
    balance: int


class LeaderView(BaseModel):
    rank: int
    member: AuthorView
    points: int


class Leaderboard(BaseModel):
    items: list[LeaderView]


class PeopleView(BaseModel):
    items: list[AuthorView]
    next_cursor: str | None = None


class DraftPoll(Body):
    """As far as it is filled in."""

    options: Annotated[list[OptionText], Field(max_length=10)]
    multiple: bool = False
    closes_at: AwareDatetime


class Draft(Body):
    title: Annotated[str, StringConstraints(max_length=200)] | None = None
    text: Annotated[str, StringConstraints(max_length=10_000)] = ""
    board_id: Id | None = None
    picture_ids: Annotated[tuple[Id, ...], Field(max_length=9)] = ()
    mentions: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    quoted_post_id: Id | None = None
    poll: DraftPoll | None = None
    publish_at: AwareDatetime | None = None


class DraftView(BaseModel):
    """`pictures`: those that may still be used; `mentions`: the people by whose id the content names them."""

    slot: str
    content: dict[str, Any]
    pictures: list[PictureView] = []
    mentions: list[AuthorView] = []
    at: datetime


class DraftList(BaseModel):
    items: list[DraftView]
