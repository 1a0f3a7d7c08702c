"""A member brings back a reply that they deleted a moment ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.micro_community import ReplyRestored
from services.micro_community.commands.admitting import require_may_write
from services.micro_community.ports import Desk


@dataclass(frozen=True)
class UndeleteReply:
    account_id: str
    reply_id: str
    member_id: str


async def undelete_reply(command: UndeleteReply, *, desk: Desk, now: datetime) -> None:
    """Doing it twice is doing it once.

    Raises:
        MemberGone, Muted, Banned, NotFound, NotYours, StateForbids, UndoWindowOver, StaleVersion
    """
    author = await desk.members.writing(command.account_id, command.member_id)
    await require_may_write(author, (await desk.communities.of(command.account_id)).rules, desk, now)
    reply = await desk.replies.find(command.account_id, command.reply_id)
    await desk.posts.of(command.account_id, reply.post_id)
    if reply.state == "visible" and reply.author_id == command.member_id:
        return
    event = ReplyRestored(reply_id=reply.reply_id, post_id=reply.post_id, account_id=reply.account_id, restored_at=now)
    await desk.replies.save(reply.undeleted(command.member_id, now), event, now=now)
