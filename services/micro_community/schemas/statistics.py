"""Statistics of a community."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel

from services.micro_community.schemas.common import Body, Id

Channel: TypeAlias = Literal["wechat", "link", "system", "poster", "chat", "moments"]


class Share(Body):
    """`chat` and `moments` come from older pages: what is known today is told apart better."""

    post_id: Id | None = None
    channel: Channel


class DayView(BaseModel):
    """`active`: members who opened the page; `returns`: visits by a shared link."""

    day: str
    joined: int = 0
    active: int = 0
    posts: int = 0
    replies: int = 0
    likes: int = 0
    shares: int = 0
    shares_by: dict[Channel, int] = {}
    """The same by the way that was taken."""
    returns: int = 0


class StatisticsView(BaseModel):
    members: int
    waiting: int
    open_reports: int
    days: list[DayView]
    """The oldest first; the last one is today, in Shanghai."""
