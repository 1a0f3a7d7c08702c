"""A member replies to a post, or to a reply of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts.envelope import Event
from contracts.micro_community import ReplyHeld
from kit.ids import derived_id
from kit.refusal import NotFound, Refusal
from kit.transaction import Once
from services.micro_community.commands.admitting import require_may_write
from services.micro_community.commands.announcing import reply_created
from services.micro_community.commands.composing import Composed, Composition, compose, writing
from services.micro_community.domain.community import Community
from services.micro_community.domain.member import Member
from services.micro_community.domain.picture import MOST_PER_REPLY
from services.micro_community.domain.post import Post
from services.micro_community.domain.reply import Reply, to_be_told
from services.micro_community.domain.rules import TooFast, worth_counting
from services.micro_community.domain.text import LONGEST_REPLY, clean
from services.micro_community.ports import Desk

SPAN = timedelta(minutes=1)


@dataclass(frozen=True)
class CreateReply:
    account_id: str
    post_id: str
    member_id: str
    text: str
    once: Once
    parent_reply_id: str | None = None
    quote: bool = False
    """True: what the parent says is kept with the reply."""
    picture_ids: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    address: str = field(default="", repr=False)

    @property
    def reply_id(self) -> str:
        return derived_id("reply", self.account_id, self.once.key)


async def create_reply(command: CreateReply, *, desk: Desk, now: datetime) -> tuple[Reply, Member]:
    """Stores one document. A repetition answers the reply of the first time, whatever has changed since.

    Raises:
        MemberGone, Muted, Banned, FollowFirst, TooFast, NotFound, PostLocked, TextEmpty, TextTooLong,
        SensitiveContent, TooManyPictures, PictureUnusable, IdempotencyKeyReused
    """
    post = desk.posts.asked(command.account_id, command.post_id)
    author, present = await writing(desk, command.account_id, command.member_id, command.mentions)
    try:
        reply = await _write(command, (author, present), post, desk, now)
    except Refusal:
        stored = await desk.replies.stored(command.reply_id, command.once.fingerprint)
        if stored is None:
            raise
        return stored, author
    event = _first_event(reply, now)
    return await desk.replies.add(reply, event, now=now, fingerprint=command.once.fingerprint), author


async def _write(
    command: CreateReply,
    people: tuple[Member, frozenset[str]],
    asked_post: Callable[[], Awaitable[Post]],
    desk: Desk,
    now: datetime,
) -> Reply:
    author, present = people
    community = await desk.communities.of(command.account_id)
    await _admit(command, author, community, desk, now)
    post = await asked_post()
    post.accept_replies()
    parent = await desk.replies.of(command.account_id, command.parent_reply_id) if command.parent_reply_id else None
    if parent is not None and parent.post_id != post.post_id:
        raise NotFound
    text = clean(command.text, longest=LONGEST_REPLY, pictured=bool(command.picture_ids))
    what = Composition(None, text, command.picture_ids, MOST_PER_REPLY, command.mentions, present)
    composed = await compose(what, author, community, desk, now=now)
    return _reply(command, composed, post, parent, now)


def _reply(command: CreateReply, composed: Composed, post: Post, parent: Reply | None, now: datetime) -> Reply:
    return Reply(
        reply_id=command.reply_id,
        post_id=post.post_id,
        account_id=command.account_id,
        author_id=command.member_id,
        text=composed.text,
        created_at=now,
        parent_reply_id=parent.reply_id if parent else None,
        root_id=(parent.root_id or parent.reply_id) if parent else None,
        answered_id=parent.author_id if parent else None,
        quoted=parent.excerpt if parent and command.quote else None,
        pictures=composed.pictures,
        mentions=composed.mentions,
        notified_member_ids=to_be_told(command.member_id, post, parent, composed.mentions),
        state="waiting" if composed.held_for else "visible",
        held_for=composed.held_for,
    )


async def _admit(command: CreateReply, author: Member, community: Community, desk: Desk, now: datetime) -> None:
    rules = community.rules
    await require_may_write(author, rules, desk, now)
    desk.paces.admit(command.address, per_minute=rules.per_address_per_minute)
    most = rules.limit(rules.replies_per_minute, new=author.is_new(now, rules))
    here = desk.paces.count(f"reply {author.member_id}", seconds=SPAN.total_seconds())
    if not worth_counting(here, most):
        return
    if await desk.replies.written_since(author.member_id, now - SPAN, most=most) >= most:
        raise TooFast(most=most, within_seconds=int(SPAN.total_seconds()))


def _first_event(reply: Reply, now: datetime) -> Event:
    """What is said of a new reply."""
    if reply.state == "waiting":
        return ReplyHeld(
            reply_id=reply.reply_id,
            post_id=reply.post_id,
            account_id=reply.account_id,
            author_id=reply.author_id,
            reasons=reply.held_for,
            held_at=now,
        )
    return reply_created(reply)
