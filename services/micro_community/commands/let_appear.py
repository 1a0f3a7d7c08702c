"""A moderator approves what waits, or brings back what was taken down; the log of acts says who."""

from __future__ import annotations

from contracts.envelope import Event
from contracts.micro_community import PostRestored, ReplyRestored
from kit.transaction import Tx
from services.micro_community.commands.announcing import post_created, post_scheduled, reply_created
from services.micro_community.commands.judging import require_may_appear
from services.micro_community.commands.moderating import ModerateContent, item_of, log_deed, save_item
from services.micro_community.domain.moderation import Deed
from services.micro_community.domain.post import Post, StateForbids
from services.micro_community.domain.reply import Reply
from services.micro_community.ports import Bench


async def let_appear(tx: Tx, command: ModerateContent, *, bench: Bench) -> None:
    """Approve what waits, or restore what was taken down. What has its time ahead appears then; what was rejected
    before anybody saw it appears for the first time.

    Raises:
        NotFound, JudgesOwn, StateForbids, StaleVersion
    """
    item = await item_of(tx, command, bench)
    if item.state == "scheduled":  # another moderator was faster
        raise StateForbids
    await require_may_appear(tx, item, command.by, bench)
    deed: Deed = "approved" if item.state == "waiting" else "restored"
    after, event = _shown(item, tx)
    await save_item(tx, after, event, bench)
    await log_deed(tx, command, deed, bench)


def _shown(item: Post | Reply, tx: Tx) -> tuple[Post | Reply, Event]:
    first = item.never_public
    if isinstance(item, Post):
        after = item.shown(tx.now)
        if after.state == "scheduled":
            return after, post_scheduled(after)
        restored = PostRestored(
            post_id=item.post_id, account_id=item.account_id, restored_at=tx.now, topics=item.topics
        )
        return after, post_created(after) if first else restored
    shown = item.shown(tx.now)
    back = ReplyRestored(reply_id=item.reply_id, post_id=item.post_id, account_id=item.account_id, restored_at=tx.now)
    return shown, reply_created(shown) if first else back
