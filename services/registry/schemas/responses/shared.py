"""What all answers have in common."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Answer(BaseModel):
    """A response body."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Listing(Answer, Generic[T]):
    """One page. `next_cursor` asks for the page after it; None: there is none."""

    items: tuple[T, ...]
    next_cursor: str | None
