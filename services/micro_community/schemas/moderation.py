"""What moderators and operators send and see."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from services.micro_community.domain.community import NEWS
from services.micro_community.domain.moderation import Deed, Reason
from services.micro_community.schemas.common import AuthorView, Body, Id, PictureView
from services.micro_community.schemas.posts import PostText, TitleText

ReasonText = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
WordText = Annotated[str, StringConstraints(min_length=1, max_length=30, strip_whitespace=True)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,252}$")]


class NewReport(Body):
    target_kind: Literal["post", "reply"]
    target_id: Id
    reason: Reason
    note: Annotated[str, StringConstraints(max_length=400)] = ""


class Because(Body):
    reason: ReasonText


class Mute(Body):
    minutes: Annotated[int, Field(ge=1, le=525_600)] | None
    """None: for good."""
    reason: ReasonText


class Switch(Body):
    on: bool


class AccountPost(Body):
    """What the account itself says. The board is 资讯 unless another is named."""

    title: TitleText | None = None
    text: PostText
    board_id: Id = NEWS


class Word(Body):
    word: WordText
    action: Literal["block", "replace", "review"]


class NoticeField(Body):
    keyword: Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,30}[0-9]{0,2}$")]
    """As the template names it: `thing1`, `time2`."""
    value: Literal["who", "what", "where", "when", "community"]


class RulesBody(Body):
    """The whole of the rules."""

    guest_reading: bool = True
    follow_first: bool = False
    hold_first: bool = False
    hold_links: bool = True
    hold_pictures: bool = False
    hold_new_members: bool = False
    new_member_hours: Annotated[int, Field(ge=0, le=24 * 90)] = 24
    posts_per_ten_minutes: Annotated[int, Field(ge=1, le=100_000)] = 20
    replies_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 40
    per_address_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 600
    edit_minutes: Annotated[int, Field(ge=0, le=60 * 24 * 365)] = 30
    allowed_hosts: Annotated[tuple[Host, ...], Field(max_length=50)] = ("mp.weixin.qq.com",)
    notice_channel: Literal["none", "subscription", "template"] = "none"
    notice_template_id: Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9A-Za-z_-]*$")] = ""
    notice_fields: Annotated[tuple[NoticeField, ...], Field(max_length=10)] = ()
    chat_from: Clock = "09:00"
    chat_to: Clock = "18:00"
    chat_away_text: Annotated[str, StringConstraints(max_length=300)] = ""
    words: Annotated[tuple[Word, ...], Field(max_length=2_000)] = ()


class BoardBody(Body):
    board_id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=12, strip_whitespace=True)]
    official: bool = False
    """Only the account opens posts there."""


class BoardsBody(Body):
    """All boards, in the order in which they are shown."""

    boards: Annotated[tuple[BoardBody, ...], Field(min_length=1, max_length=20)]


class WaitingView(BaseModel):
    """Something that waits for a moderator."""

    target_kind: Literal["post", "reply"]
    target_id: str
    post_id: str
    author: AuthorView
    title: str | None
    text: str
    pictures: int
    """How many."""
    shown_pictures: list[PictureView] = []
    poll_options: list[str] = []
    publish_at: datetime | None = None
    """When it will appear, once approved; None or past: at once."""
    held_for: list[str]
    created_at: datetime
    version: int
    """To be sent with the approval."""
    root_id: str | None = None
    floor: int | None = None
    """Of the thread that a reply belongs to."""


class WaitingPage(BaseModel):
    items: list[WaitingView]
    next_cursor: str | None


class ReportView(BaseModel):
    report_id: str
    reporter: AuthorView
    target_kind: Literal["post", "reply"]
    target_id: str
    post_id: str
    reason: Reason
    reason_text: str
    note: str
    excerpt: str
    state: str
    filed_at: datetime
    root_id: str | None = None
    floor: int | None = None
    """Where a reply stands: its own floor, or its thread's."""


class ReportPage(BaseModel):
    items: list[ReportView]
    next_cursor: str | None


class ActView(BaseModel):
    act_id: str
    by_kind: str
    by_id: str
    by_name: str
    deed: Deed
    target_kind: str
    target_id: str
    reason: str
    at: datetime
    excerpt: str = ""
    """What the post or reply begins with now."""
    state: str | None = None
    """Of the post or reply, now."""
    post_id: str | None = None
    reply_id: str | None = None
    root_id: str | None = None
    floor: int | None = None
    member: AuthorView | None = None
    """Whom the deed was about."""


class ActPage(BaseModel):
    items: list[ActView]
    next_cursor: str | None


class WaitingCount(BaseModel):
    waiting: int
    """Posts and replies in the queue and open reports; counted up to 100."""


class MutedView(BaseModel):
    member: AuthorView
    until: datetime | None
    """None: for good."""
    reason: str | None


class MutedPage(BaseModel):
    items: list[MutedView]
    next_cursor: str | None
