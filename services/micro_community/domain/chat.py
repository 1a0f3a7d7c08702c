"""Live chat (陪聊): a follower and the account, through the account's own chat in WeChat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from kit.ids import derived_id
from kit.refusal import Refusal
from services.micro_community.domain.growth import SHANGHAI
from services.micro_community.domain.rules import Rules

State: TypeAlias = Literal["waiting", "assigned", "closed"]
LONGEST = 600
ANSWERABLE_FOR = timedelta(hours=48)
"""WeChat takes customer-service messages only this long after the follower's last one."""
AT_DESK_FOR = timedelta(minutes=5)
"""Who looked at the chats within this time is there."""
LEFT_ALONE = timedelta(minutes=15)
AWAY_ONCE_IN = timedelta(hours=12)
SHOWN_KINDS = {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "location": "[位置]", "link": "[链接]"}


class ChatWindowOver(Refusal):
    """The follower's last message is too old for WeChat to take an answer."""

    code = "micro_community.chat_window_over"
    status = 409
    text = "距离粉丝上次发言已超过 48 小时，微信不允许再回复，请等待对方再次发言。"


class ChatTaken(Refusal):
    """Somebody else talks with this follower."""

    code = "micro_community.chat_taken"
    status = 409
    text = "这个会话由其他同事接待，请先请对方转接。"


class ChatNotYours(Refusal):
    """Take the chat first."""

    code = "micro_community.chat_not_yours"
    status = 409
    text = "请先接入这个会话，再回复。"


class ColleagueAway(Refusal):
    """Nobody of that id has been at the account's desk lately, so nobody there would answer the follower."""

    code = "micro_community.colleague_away"
    status = 409
    text = "这位同事现在不在工作台，请刷新后另选一位。"


@dataclass(frozen=True)
class Chat:
    """One per account and follower."""

    chat_id: str
    account_id: str
    openid: str
    state: State = "waiting"
    person_id: str | None = None
    person_name: str | None = None
    opened_at: datetime | None = None
    heard_at: datetime | None = None
    """When the follower wrote last."""
    last_at: datetime | None = None
    last_text: str = ""
    unanswered: int = 0
    unanswered_since: datetime | None = None
    assigned_at: datetime | None = None
    undelivered: bool = False
    """WeChat did not take what was answered last, or did not say whether it did."""
    away_told_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Nobody talks, and nobody is waited for."""
        return self.state == "closed" or self.opened_at is None

    def heard(self, text: str, at: datetime) -> Chat:
        """The follower wrote, at that time: it may become known later, and after what was written later. A closed chat
        opens again, for anybody."""
        opened = replace(self, state="waiting", person_id=None, person_name=None, opened_at=at)
        since = min(self.unanswered_since or at, at) if self.unanswered else at
        waiting = replace(
            opened if self.is_over else self,
            unanswered=self.unanswered + 1,
            unanswered_since=since,
            heard_at=max(self.heard_at or at, at),
        )
        return waiting if self.last_at and self.last_at > at else replace(waiting, last_at=at, last_text=text)

    def taken(self, person_id: str, name: str, now: datetime) -> Chat:
        """A follower who has waited too long for one colleague may be taken over by another.

        Raises:
            ChatTaken
        """
        if self.state == "assigned" and self.person_id == person_id:
            return self
        if self.state == "assigned" and not self._left_alone(now):
            raise ChatTaken(person=self.person_name)
        return replace(self, state="assigned", person_id=person_id, person_name=name, assigned_at=now)

    def handed_over(self, by: str, person_id: str, name: str, now: datetime) -> Chat:
        """Raises:
        ChatNotYours
        """
        self._require(by)
        return replace(self, person_id=person_id, person_name=name, assigned_at=now)

    def answered(self, by: str, text: str, now: datetime) -> Chat:
        """Raises:
        ChatNotYours, ChatWindowOver
        """
        self._require(by)
        if not self.is_answerable(now):
            raise ChatWindowOver
        answered = replace(self, unanswered=0, unanswered_since=None, undelivered=False)
        return replace(answered, last_at=now, last_text=text)

    def is_answerable(self, now: datetime) -> bool:
        """Whether WeChat still takes an answer."""
        return self.heard_at is not None and now <= self.heard_at + ANSWERABLE_FOR

    def closed(self, by: str) -> Chat:
        """Raises:
        ChatNotYours
        """
        self._require(by)
        return replace(self, state="closed", unanswered=0, unanswered_since=None, undelivered=False)

    def wants_away_text(self, rules: Rules, now: datetime) -> bool:
        """Outside of working hours, and not told a moment ago."""
        told = self.away_told_at is not None and self.away_told_at > now - AWAY_ONCE_IN
        return bool(rules.chat_away_text) and not told and not is_open(rules, now) and self.is_answerable(now)

    def _left_alone(self, now: datetime) -> bool:
        """Counted from the first message that has no answer, for who asks again waits no shorter; and not from before
        the colleague had the chat."""
        moments = (self.unanswered_since or self.last_at, self.assigned_at)
        since = max((moment for moment in moments if moment is not None), default=now)
        return self.unanswered > 0 and since < now - LEFT_ALONE

    def _require(self, person_id: str) -> None:
        if self.state != "assigned" or self.person_id != person_id:
            raise ChatNotYours


def chat_id_of(account_id: str, openid: str) -> str:
    return derived_id("chat", account_id, openid)


def is_open(rules: Rules, now: datetime) -> bool:
    """Working hours may go over midnight; equal ends mean always."""
    at = now.astimezone(SHANGHAI).strftime("%H:%M")
    if rules.chat_from <= rules.chat_to:
        return rules.chat_from <= at < rules.chat_to or rules.chat_from == rules.chat_to
    return at >= rules.chat_from or at < rules.chat_to


def shown(kind: str, text: str | None) -> str:
    """A message as one line of a transcript."""
    return (text or "").strip()[:LONGEST] if kind == "text" else SHOWN_KINDS.get(kind, "[其他消息]")
