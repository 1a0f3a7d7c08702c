"""A moderator pins, features or locks a post, or undoes it."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.micro_community import PostMarked
from kit.ids import new_id
from kit.transaction import Tx
from services.micro_community.domain.moderation import Act, Deed, Moderator
from services.micro_community.domain.post import Mark
from services.micro_community.ports import Bench

DEEDS: dict[tuple[Mark, bool], Deed] = {
    ("pinned", True): "pinned",
    ("pinned", False): "unpinned",
    ("featured", True): "featured",
    ("featured", False): "unfeatured",
    ("locked", True): "locked",
    ("locked", False): "unlocked",
}


@dataclass(frozen=True)
class MarkPost:
    account_id: str
    by: Moderator
    post_id: str
    mark: Mark
    on: bool


async def mark_post(tx: Tx, command: MarkPost, *, bench: Bench) -> None:
    """Raises:
    NotFound, StateForbids, StaleVersion
    """
    post = await bench.posts.find(command.account_id, command.post_id, tx=tx)
    event = PostMarked(
        post_id=post.post_id, account_id=post.account_id, mark=command.mark, on=command.on, marked_at=tx.now
    )
    await bench.posts.save(post.marked(command.mark, on=command.on, now=tx.now), event, now=tx.now, tx=tx)
    deed = DEEDS[command.mark, command.on]
    await bench.acts.log(tx, Act(new_id(), command.account_id, command.by, deed, "post", post.post_id, "", tx.now))
