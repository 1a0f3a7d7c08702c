"""A member brings back a post that they deleted a moment ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.micro_community import PostRestored
from services.micro_community.commands.admitting import require_may_write
from services.micro_community.ports import Desk


@dataclass(frozen=True)
class UndeletePost:
    account_id: str
    post_id: str
    member_id: str


async def undelete_post(command: UndeletePost, *, desk: Desk, now: datetime) -> None:
    """Doing it twice is doing it once.

    Raises:
        MemberGone, Muted, Banned, NotFound, NotYours, StateForbids, UndoWindowOver, StaleVersion
    """
    author = await desk.members.writing(command.account_id, command.member_id)
    await require_may_write(author, (await desk.communities.of(command.account_id)).rules, desk, now)
    post = await desk.posts.find(command.account_id, command.post_id)
    if post.state == "visible" and post.author_id == command.member_id:
        return
    event = PostRestored(post_id=post.post_id, account_id=post.account_id, restored_at=now, topics=post.topics)
    await desk.posts.save(post.undeleted(command.member_id, now), event, now=now)
