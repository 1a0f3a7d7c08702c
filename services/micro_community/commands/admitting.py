"""A step that all writing shares: whether this member may write at all."""

from __future__ import annotations

from datetime import datetime

from services.micro_community.domain.member import Member
from services.micro_community.domain.rules import Rules
from services.micro_community.ports import Desk


async def require_may_write(author: Member, rules: Rules, desk: Desk, now: datetime) -> None:
    """Whose following is not known is let through when WeChat cannot be asked; who is known not to follow is not.

    Raises:
        Banned, Muted, FollowFirst
    """
    if author.follows_in_doubt(rules):
        author = await desk.followings.looked_up(author)
    author.require_may_write(now, rules)
