"""A member likes a post or reply, or takes it back. Saying it twice is saying it once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.micro_community import (
    LikeGiven,
    LikeWithdrawn,
)
from kit.ids import derived_id
from services.micro_community.domain.moderation import TargetKind
from services.micro_community.ports import Desk, Marking, Marks


@dataclass(frozen=True)
class SetLike:
    account_id: str
    member_id: str
    target_kind: TargetKind
    target_id: str
    on: bool


async def set_like(command: SetLike, *, desk: Desk, marks: Marks, now: datetime) -> bool:
    """True if it changed something.

    Raises:
        MemberGone, Banned, NotFound
    """
    (await desk.members.writing(command.account_id, command.member_id)).require_not_banned()
    if command.target_kind == "post":
        post = await desk.posts.of(command.account_id, command.target_id)
        post_id, author_id = post.post_id, post.author_id
    else:
        reply = await desk.replies.of(command.account_id, command.target_id)
        await desk.posts.of(command.account_id, reply.post_id)
        post_id, author_id = reply.post_id, reply.author_id
    like_id = derived_id("like", command.target_id, command.member_id)
    fields = {
        "account_id": command.account_id,
        "member_id": command.member_id,
        "target_kind": command.target_kind,
        "target_id": command.target_id,
        "post_id": post_id,
        "author_id": author_id,
    }
    on = LikeGiven(like_id=like_id, given_at=now, **fields)
    off = LikeWithdrawn(like_id=like_id, withdrawn_at=now, **fields)
    return await marks.turn("likes", Marking(like_id, fields, on, off), on=command.on, now=now)
