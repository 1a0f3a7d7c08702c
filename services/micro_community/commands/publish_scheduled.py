"""The time of scheduled posts has come."""

from __future__ import annotations

from datetime import datetime

from contracts.envelope import Event
from kit.refusal import Refusal, StaleVersion
from services.micro_community.commands.admitting import require_may_write
from services.micro_community.commands.announcing import post_created, post_held
from services.micro_community.domain.post import Post
from services.micro_community.ports import Desk

MOST_AT_ONCE = 100
SILENCED = "author_silenced"


async def publish_scheduled(*, desk: Desk, now: datetime) -> int:
    """Publish what is due; each is one write over the version that was read. How many there were.

    Who may not write any more does not publish either: what they scheduled waits for a moderator.
    """
    due = await desk.posts.due(now, most=MOST_AT_ONCE)
    for post in due:
        after, event = await _at_its_time(post, desk, now)
        try:
            await desk.posts.save(after, event, now=now)
        except StaleVersion:
            continue  # its author changed it, or another replica was faster: the next turn sees
    return len(due)


async def _at_its_time(post: Post, desk: Desk, now: datetime) -> tuple[Post, Event]:
    try:
        if post.author_id is not None:
            author = await desk.members.writing(post.account_id, post.author_id)
            await require_may_write(author, (await desk.communities.of(post.account_id)).rules, desk, now)
    except Refusal:
        held = post.held(SILENCED)
        return held, post_held(held, now)
    shown = post.shown(now)
    return shown, post_created(shown)
