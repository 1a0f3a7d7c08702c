"""An author takes a post back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.micro_community.commands.announcing import removed
from services.micro_community.ports import Posts

BY_AUTHOR = "作者删除"


@dataclass(frozen=True)
class DeletePost:
    account_id: str
    post_id: str
    member_id: str


async def delete_post(command: DeletePost, *, posts: Posts, now: datetime) -> None:
    """Deleting twice is deleting once.

    Raises:
        NotFound, NotYours, StateForbids, StaleVersion
    """
    post = await posts.find(command.account_id, command.post_id)
    if post.state == "deleted" and post.author_id == command.member_id:
        return
    post.require_seen_by(command.member_id)
    event = removed(post, "author", BY_AUTHOR, now)
    await posts.save(post.deleted(command.member_id, now), event, now=now)
