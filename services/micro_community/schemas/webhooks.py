"""Webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from services.micro_community.schemas.common import Body

Kind = Literal["post", "reply", "like", "favourite", "follow", "vote", "check_in", "report"]


class NewWebhook(Body):
    url: Annotated[str, StringConstraints(min_length=8, max_length=500)]
    kinds: Annotated[tuple[Kind, ...], Field(max_length=8)] = ()


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
    waiting: int
    failed: int


class WebhookList(BaseModel):
    items: list[WebhookView]
