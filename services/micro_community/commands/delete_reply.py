"""An author takes a reply back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.micro_community import ReplyRemoved
from services.micro_community.commands.delete_post import BY_AUTHOR
from services.micro_community.ports import Replies


@dataclass(frozen=True)
class DeleteReply:
    account_id: str
    reply_id: str
    member_id: str


async def delete_reply(command: DeleteReply, *, replies: Replies, now: datetime) -> None:
    """Deleting twice is deleting once.

    Raises:
        NotFound, NotYours, StateForbids, StaleVersion
    """
    reply = await replies.find(command.account_id, command.reply_id)
    if reply.state == "deleted" and reply.author_id == command.member_id:
        return
    event = ReplyRemoved(
        reply_id=reply.reply_id,
        post_id=reply.post_id,
        account_id=reply.account_id,
        by="author",
        reason=BY_AUTHOR,
        was_visible=reply.state == "visible",
        removed_at=now,
    )
    await replies.save(reply.deleted(command.member_id, now), event, now=now)
