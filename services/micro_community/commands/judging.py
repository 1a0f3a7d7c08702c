"""What every judgement on content has to respect: nobody judges their own, and what is being erased stays away."""

from __future__ import annotations

from kit.refusal import Refusal
from kit.transaction import Tx
from services.micro_community.domain.moderation import Moderator
from services.micro_community.domain.post import Post, StateForbids
from services.micro_community.domain.reply import Reply
from services.micro_community.ports import Bench


class JudgesOwn(Refusal):
    """A moderator among the members would decide about themselves."""

    code = "micro_community.judges_own"
    status = 403
    text = "不能处理与自己有关的内容，请由其他版主或公众号运营人员处理。"


def require_impartial(by: Moderator, author_id: str | None) -> None:
    """Raises:
    JudgesOwn
    """
    if by.kind == "member" and by.actor_id == author_id:
        raise JudgesOwn


async def require_may_appear(tx: Tx, item: Post | Reply, by: Moderator, bench: Bench) -> None:
    """Raises:
    JudgesOwn, StateForbids: its author has left since it was written.
    """
    require_impartial(by, item.author_id)
    author = await bench.members.in_transaction(tx, item.author_id) if item.author_id else None
    if author is not None and author.has_taken_leave_of(item.sent_at):
        raise StateForbids
