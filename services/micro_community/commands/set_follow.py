"""A member follows a member, a topic or a post, or stops. Saying it twice is saying it once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.envelope import Event
from contracts.micro_community import (
    FollowedKind,
    FollowEnded,
    FollowStarted,
)
from kit.ids import derived_id
from kit.refusal import NotFound, Refusal
from services.micro_community.domain.topics import topic_key
from services.micro_community.ports import Desk, Marking, Marks

MOST_FOLLOWS = 1_000


class FollowsTooMany(Refusal):
    code = "micro_community.follows_too_many"
    status = 409
    text = "关注数量已达上限，请先取消一些关注。"


class FollowsSelf(Refusal):
    code = "micro_community.follows_self"
    status = 422
    text = "不能关注自己。"


@dataclass(frozen=True)
class SetFollow:
    account_id: str
    member_id: str
    followed_kind: FollowedKind
    followed_id: str
    on: bool


async def set_follow(command: SetFollow, *, desk: Desk, marks: Marks, now: datetime) -> bool:
    """True if it changed something.

    Raises:
        MemberGone, Banned, NotFound, FollowsTooMany, FollowsSelf
    """
    (await desk.members.writing(command.account_id, command.member_id)).require_not_banned()
    gone: NotFound | None = None
    try:
        followed_id = await _followed(command, desk)
    except NotFound as error:
        if command.on:
            raise
        # What was followed stays in one's list until one says otherwise; to others it is not there.
        followed_id, gone = command.followed_id, error
    if command.on and await marks.count("follows", command.member_id, most=MOST_FOLLOWS) >= MOST_FOLLOWS:
        raise FollowsTooMany(most=MOST_FOLLOWS)
    follow_id = derived_id("follow", command.account_id, command.followed_kind, followed_id, command.member_id)
    fields = {
        "account_id": command.account_id,
        "member_id": command.member_id,
        "followed_kind": command.followed_kind,
        "followed_id": followed_id,
    }
    on: Event = FollowStarted(follow_id=follow_id, started_at=now, **fields)
    off: Event = FollowEnded(follow_id=follow_id, ended_at=now, **fields)
    changed = await marks.turn("follows", Marking(follow_id, fields, on, off), on=command.on, now=now)
    if gone and not changed:
        raise gone
    return changed


async def _followed(command: SetFollow, desk: Desk) -> str:
    if command.followed_kind == "post":
        return (await desk.posts.of(command.account_id, command.followed_id)).post_id
    if command.followed_kind == "topic":
        return topic_key(command.followed_id)
    if command.followed_id == command.member_id:
        raise FollowsSelf
    return (await desk.members.of(command.account_id, command.followed_id)).member_id
