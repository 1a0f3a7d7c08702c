"""An author takes a reply back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.micro_community.commands.announcing import removed
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
    event = removed(reply, "author", BY_AUTHOR, now)
    await replies.save(reply.deleted(command.member_id, now), event, now=now)
