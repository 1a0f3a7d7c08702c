"""What taking down and letting appear have in common."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.envelope import Event
from kit.ids import new_id
from kit.refusal import StaleVersion
from kit.transaction import Tx
from services.micro_community.domain.moderation import Act, Deed, Moderator, TargetKind
from services.micro_community.domain.post import Post
from services.micro_community.domain.reply import Reply
from services.micro_community.ports import Bench


@dataclass(frozen=True)
class ModerateContent:
    account_id: str
    by: Moderator
    target_kind: TargetKind
    target_id: str
    reason: str = ""
    version: int | None = None
    """What the moderator looked at; None: whatever it is now."""


async def item_of(tx: Tx, command: ModerateContent, bench: Bench) -> Post | Reply:
    """Raises:
    NotFound, StaleVersion: its author has changed it since the moderator looked.
    """
    things = bench.posts if command.target_kind == "post" else bench.replies
    item: Post | Reply = await things.find(command.account_id, command.target_id, tx=tx)
    if command.version not in (None, item.aggver):
        raise StaleVersion("内容在您查看之后有改动，请重新看过再决定。")
    return item


async def save_item(tx: Tx, item: Post | Reply, event: Event, bench: Bench) -> None:
    if isinstance(item, Post):
        await bench.posts.save(item, event, now=tx.now, tx=tx)
    else:
        await bench.replies.save(item, event, now=tx.now, tx=tx)


async def log_deed(tx: Tx, command: ModerateContent, deed: Deed, bench: Bench) -> None:
    act = Act(
        new_id(), command.account_id, command.by, deed, command.target_kind, command.target_id, command.reason, tx.now
    )
    await bench.acts.log(tx, act)
