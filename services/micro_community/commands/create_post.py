"""A member opens a post."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from contracts.envelope import Event
from kit.ids import derived_id
from kit.refusal import Refusal
from kit.transaction import Once
from services.micro_community.commands.admitting import require_may_write
from services.micro_community.commands.announcing import post_created, post_held, post_scheduled
from services.micro_community.commands.composing import Composition, compose, writing
from services.micro_community.domain.community import Community
from services.micro_community.domain.member import Member
from services.micro_community.domain.picture import MOST_PER_POST
from services.micro_community.domain.poll import Poll, new_poll
from services.micro_community.domain.post import Post, State, scheduled_for
from services.micro_community.domain.rules import TooFast, worth_counting
from services.micro_community.domain.text import LONGEST_POST, LONGEST_TITLE, clean, clean_line
from services.micro_community.domain.topics import topics_in
from services.micro_community.ports import Desk

SPAN = timedelta(minutes=10)


@dataclass(frozen=True)
class NewPoll:
    options: tuple[str, ...]
    multiple: bool
    closes_at: datetime


@dataclass(frozen=True)
class CreatePost:
    account_id: str
    member_id: str
    text: str
    once: Once
    title: str | None = None
    board_id: str | None = None
    picture_ids: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    quoted_post_id: str | None = None
    poll: NewPoll | None = None
    publish_at: datetime | None = None
    address: str = field(default="", repr=False)


async def create_post(command: CreatePost, *, desk: Desk, now: datetime) -> tuple[Post, Member]:
    """Stores one document. A repetition answers the post of the first time, whatever has changed since.

    Raises:
        MemberGone, Muted, Banned, FollowFirst, TooFast, BoardUnknown, BoardClosed, TextEmpty, TextTooLong,
        SensitiveContent, TooManyPictures, PictureUnusable, PollMalformed, ScheduleInvalid, NotFound (quoted post),
        IdempotencyKeyReused
    """
    author, present = await writing(desk, command.account_id, command.member_id, command.mentions)
    post_id = derived_id("post", command.account_id, command.once.key)
    try:
        post = await _write(command, post_id, (author, present), desk, now)
    except Refusal:
        stored = await desk.posts.stored(post_id, command.once.fingerprint)
        if stored is None:
            raise
        return stored, author
    return await desk.posts.add(post, _first_event(post, now), now=now, fingerprint=command.once.fingerprint), author


async def _write(
    command: CreatePost, post_id: str, people: tuple[Member, frozenset[str]], desk: Desk, now: datetime
) -> Post:
    author, present = people
    community = await desk.communities.of(command.account_id)
    await _admit(command, author, community, desk, now)
    poll = _poll(command, now)
    what = Composition(
        clean_line(command.title, longest=LONGEST_TITLE),
        clean(command.text, longest=LONGEST_POST, pictured=bool(command.picture_ids)),
        command.picture_ids,
        MOST_PER_POST,
        command.mentions,
        present,
        poll.options if poll else (),
    )
    composed = await compose(what, author, community, desk, now=now)
    publish_at = scheduled_for(command.publish_at, now)
    if command.quoted_post_id:
        await desk.posts.of(command.account_id, command.quoted_post_id)
    return Post(
        post_id=post_id,
        account_id=command.account_id,
        board_id=community.board_for_member(command.board_id).board_id,
        author_id=command.member_id,
        title=composed.title,
        text=composed.text,
        created_at=now,
        pictures=composed.pictures,
        topics=topics_in(composed.text),
        mentions=composed.mentions,
        quoted_post_id=command.quoted_post_id,
        poll=replace(poll, options=composed.options) if poll else None,
        state=_state(composed.held_for, publish_at),
        held_for=composed.held_for,
        publish_at=publish_at,
    )


async def _admit(command: CreatePost, author: Member, community: Community, desk: Desk, now: datetime) -> None:
    rules = community.rules
    await require_may_write(author, rules, desk, now)
    desk.paces.admit(command.address, per_minute=rules.per_address_per_minute)
    most = rules.limit(rules.posts_per_ten_minutes, new=author.is_new(now, rules))
    here = desk.paces.count(f"post {author.member_id}", seconds=SPAN.total_seconds())
    if not worth_counting(here, most):
        return
    if await desk.posts.written_since(author.member_id, now - SPAN, most=most) >= most:
        raise TooFast(most=most, within_seconds=int(SPAN.total_seconds()))


def _poll(command: CreatePost, now: datetime) -> Poll | None:
    wanted = command.poll
    if wanted is None:
        return None
    return new_poll(wanted.options, multiple=wanted.multiple, closes_at=wanted.closes_at, now=now)


def _state(held_for: tuple[str, ...], publish_at: datetime | None) -> State:
    if held_for:
        return "waiting"
    return "scheduled" if publish_at else "visible"


def _first_event(post: Post, now: datetime) -> Event:
    """What is said of a new post, depending on its state."""
    if post.state == "waiting":
        return post_held(post, now)
    return post_scheduled(post) if post.state == "scheduled" else post_created(post)
