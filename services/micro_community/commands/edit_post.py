"""An author changes a post, within the time the rules allow; the earlier text stays in its history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from contracts.micro_community import PostEdited
from kit.refusal import Refusal
from services.micro_community.commands.admitting import require_may_write
from services.micro_community.commands.composing import Composition, compose
from services.micro_community.domain.member import Member
from services.micro_community.domain.post import Moment, Post
from services.micro_community.domain.rules import Rules, TooFast
from services.micro_community.domain.text import LONGEST_POST, LONGEST_TITLE, clean, clean_line
from services.micro_community.domain.topics import topics_in
from services.micro_community.ports import Desk

SPAN_SECONDS = 600
MOST_EDITS = 20
"""Within the span, of one member through one replica."""


class EditNeedsReview(Refusal):
    """What is public, or will be by itself, cannot be changed into what a moderator would have to see first."""

    code = "micro_community.edit_needs_review"
    status = 422
    text = "修改后的内容含有需要审核的链接或词语，请去掉后再保存，或另发新帖。"


@dataclass(frozen=True)
class EditPost:
    account_id: str
    post_id: str
    member_id: str
    title: str | None = None
    text: str = ""
    address: str = field(default="", repr=False)


async def edit_post(command: EditPost, *, desk: Desk, now: datetime) -> tuple[Post, Member]:
    """Saving what is there already changes nothing, so a repetition does no harm.

    Raises:
        MemberGone, Muted, Banned, TooFast, NotFound, NotYours, EditWindowOver, StateForbids, SensitiveContent,
        StaleVersion
    """
    author = await desk.members.writing(command.account_id, command.member_id)
    community = await desk.communities.of(command.account_id)
    await require_may_write(author, community.rules, desk, now)
    _admit(command, community.rules, desk)
    post = await desk.posts.find(command.account_id, command.post_id)
    post.require_seen_by(command.member_id)
    title = clean_line(command.title, longest=LONGEST_TITLE)
    text = clean(command.text, longest=LONGEST_POST, pictured=bool(post.pictures))
    composed = await compose(Composition(title, text, (), 0), author, community, desk, now=now)
    if (composed.title, composed.text) == (post.title, post.text):
        return post, author
    if composed.held_for and post.state != "waiting":
        raise EditNeedsReview(reasons=list(composed.held_for))
    moment = Moment(now, community.rules.edit_minutes)
    edited = post.edited(command.member_id, composed.title, composed.text, topics_in(composed.text), moment)
    await desk.posts.save(edited, _event(post, edited, now), now=now)
    return edited, author


def _admit(command: EditPost, rules: Rules, desk: Desk) -> None:
    desk.paces.admit(command.address, per_minute=rules.per_address_per_minute)
    if desk.paces.count(f"edit {command.member_id}", seconds=SPAN_SECONDS) > MOST_EDITS:
        raise TooFast(most=MOST_EDITS, within_seconds=SPAN_SECONDS)


def _event(before: Post, after: Post, now: datetime) -> PostEdited:
    return PostEdited(
        post_id=after.post_id,
        account_id=after.account_id,
        title=after.title,
        excerpt=after.excerpt,
        edited_at=now,
        topics=after.topics,
        topics_before=before.topics,
        was_visible=before.state == "visible",
    )
