"""The time of scheduled posts has come."""

from __future__ import annotations

from datetime import datetime

from kit.refusal import StaleVersion
from services.micro_community.commands.announcing import post_created
from services.micro_community.ports import Posts

MOST_AT_ONCE = 100


async def publish_scheduled(*, posts: Posts, now: datetime) -> int:
    """Publish what is due; each is one write over the version that was read. How many there were."""
    due = await posts.due(now, most=MOST_AT_ONCE)
    for post in due:
        shown = post.shown(now)
        try:
            await posts.save(shown, post_created(shown), now=now)
        except StaleVersion:
            continue  # its author changed it, or another replica was faster: the next turn sees
    return len(due)
