"""Members: how they come, what is done to them, how they go."""

from __future__ import annotations

from datetime import datetime

from contracts.envelope import Event


class MemberJoined(Event, subject="micro_community.member.joined.v1", key="member_id"):
    """A follower entered the micro-community of an account for the first time."""

    member_id: str
    account_id: str
    joined_at: datetime


class CheckedIn(Event, subject="micro_community.check_in.made.v1", key="check_in_id"):
    """A member checked in (签到). `day` is the date in Shanghai; `streak` counts days in a row, today included."""

    check_in_id: str
    account_id: str
    member_id: str
    day: str
    streak: int
    made_at: datetime


class MemberMuted(Event, subject="micro_community.member.muted.v1", key="member_id"):
    """A member may not write until `until`; None: banned for good."""

    member_id: str
    account_id: str
    until: datetime | None
    reason: str
    muted_at: datetime


class MemberUnmuted(Event, subject="micro_community.member.unmuted.v1", key="member_id"):
    """A mute or ban was lifted before its time."""

    member_id: str
    account_id: str
    unmuted_at: datetime


class MemberLeft(Event, subject="micro_community.member.left.v1", key="member_id"):
    """A member deleted the account, or WeChat reported that the authorisation was withdrawn; content is erased."""

    member_id: str
    account_id: str
    left_at: datetime
