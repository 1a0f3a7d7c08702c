"""Webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from services.micro_community.schemas.common import Body

Kind = Literal[
    "post", "reply", "like", "favourite", "follow", "vote", "check_in", "report", "member", "chat", "share",
    "follower_notice",
]  # fmt: skip


class NewWebhook(Body):
    url: Annotated[str, StringConstraints(min_length=8, max_length=500)]
    kinds: Annotated[tuple[Kind, ...], Field(max_length=12)] = ()


class WebhookMade(BaseModel):
    webhook_id: str
    url: str
    kinds: list[str]
    secret: str
    """Shown this once."""


class WebhookView(BaseModel):
    webhook_id: str
    url: str
    kinds: list[str]
    made_at: datetime
    last_status: int | None = None
    """What the last call was answered with; 0: it was not."""
    last_at: datetime | None = None
    paused_until: datetime | None = None
    """The last call failed: until then there is no other."""
    waiting: int
    failed: int
    """Given up within the last seven days."""


class WebhookList(BaseModel):
    items: list[WebhookView]
