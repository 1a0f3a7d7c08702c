"""A member votes in a post's poll, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.micro_community import VoteCast
from kit.ids import derived_id
from kit.refusal import NotFound, Refusal
from services.micro_community.commands.admitting import require_may_write
from services.micro_community.ports import Desk, Records


class VotedBefore(Refusal):
    code = "micro_community.voted_before"
    status = 409
    text = "您已经投过票了。"


@dataclass(frozen=True)
class CastVote:
    account_id: str
    post_id: str
    member_id: str
    choices: tuple[int, ...]


async def cast_vote(command: CastVote, *, desk: Desk, records: Records, now: datetime) -> tuple[int, ...]:
    """The same vote again is the same vote.

    Raises:
        MemberGone, Muted, Banned, NotFound, PollClosed, ChoiceInvalid, VotedBefore
    """
    member = await desk.members.writing(command.account_id, command.member_id)
    community = await desk.communities.of(command.account_id)
    await require_may_write(member, community.rules, desk, now)
    post = await desk.posts.of(command.account_id, command.post_id)
    if post.poll is None:
        raise NotFound
    post.poll.require_open(now)
    choices = post.poll.chosen(command.choices)
    vote_id = derived_id("vote", command.post_id, command.member_id)
    fields = {"account_id": command.account_id, "post_id": command.post_id, "member_id": command.member_id}
    event = VoteCast(vote_id=vote_id, choices=choices, cast_at=now, **fields)
    stored = await records.add("votes", {"_id": vote_id, **fields, "choices": list(choices), "at": now}, event, now=now)
    if tuple(stored["choices"]) != choices:
        raise VotedBefore
    return choices
