"""A moderator takes something down, or rejects what waits; the log of acts says who and why."""

from __future__ import annotations

from contracts.envelope import Event
from contracts.micro_community import PostRemoved, ReplyRemoved
from kit.transaction import Tx
from services.micro_community.commands.moderating import ModerateContent, item_of, log_deed, save_item
from services.micro_community.commands.resolving import resolve_all
from services.micro_community.domain.moderation import Deed
from services.micro_community.domain.post import Post
from services.micro_community.domain.reply import Reply
from services.micro_community.ports import Bench


async def take_down(tx: Tx, command: ModerateContent, *, bench: Bench) -> None:
    """Remove what is shown, or reject what waits; open reports about it are upheld.

    Raises:
        NotFound, StateForbids, StaleVersion
    """
    item = await item_of(tx, command, bench)
    deed: Deed = "rejected" if item.state == "waiting" else "taken_down"
    after, event = _removed(item, command.reason, tx)
    await save_item(tx, after, event, bench)
    await resolve_all(tx, command.target_id, "upheld", reports=bench.reports)
    await log_deed(tx, command, deed, bench)


def _removed(item: Post | Reply, reason: str, tx: Tx) -> tuple[Post | Reply, Event]:
    was_visible = item.state == "visible"
    if isinstance(item, Post):
        return item.removed(reason), PostRemoved(
            post_id=item.post_id,
            account_id=item.account_id,
            by="moderator",
            reason=reason,
            was_visible=was_visible,
            removed_at=tx.now,
            topics=item.topics,
        )
    return item.removed(reason), ReplyRemoved(
        reply_id=item.reply_id,
        post_id=item.post_id,
        account_id=item.account_id,
        by="moderator",
        reason=reason,
        was_visible=was_visible,
        removed_at=tx.now,
    )
