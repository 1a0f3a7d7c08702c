"""Live chat, on the operators' side."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from services.micro_community.domain.chat import LONGEST
from services.micro_community.schemas.common import AuthorView, Body, Id


class Answer(Body):
    text: Annotated[str, StringConstraints(max_length=LONGEST * 2)]


class HandOver(Body):
    person_id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    """Not looked at any more: whoever is at the desk is known by the name they signed in with."""


class NewCannedAnswer(Body):
    title: Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, strip_whitespace=True)]


class ChatView(BaseModel):
    chat_id: str
    follower: AuthorView
    state: Literal["waiting", "assigned", "closed"]
    person_id: str | None
    person_name: str | None
    last_text: str
    last_at: datetime
    answerable_until: datetime
    unanswered: int
    undelivered: bool
    """WeChat did not take an answer, or did not say whether it did."""


class ChatPage(BaseModel):
    items: list[ChatView]
    next_cursor: str | None
    open_now: bool
    """Whether it is within working hours."""
    waiting: int
    """How many chats wait to be taken; counted up to 100."""
    yours: int
    """In how many of the caller's chats the follower waits for an answer; counted up to 100."""


class ColleagueView(BaseModel):
    person_id: str
    name: str


class ColleagueList(BaseModel):
    items: list[ColleagueView]


class ChatLineView(BaseModel):
    message_id: str
    by: Literal["follower", "person", "automatic"]
    person_id: str | None
    text: str
    delivery: Literal["sending", "sent", "refused", "unknown"] | None = None
    """Whether WeChat took it; None: the follower wrote it. `unknown`: WeChat did not answer, and cannot be asked."""
    delivery_detail: str = ""
    at: datetime


class Transcript(BaseModel):
    chat: ChatView
    items: list[ChatLineView]
    next_cursor: str | None


class MessageView(BaseModel):
    message_id: str


class CannedAnswerView(BaseModel):
    answer_id: str
    title: str
    text: str


class CannedAnswerList(BaseModel):
    items: list[CannedAnswerView]
