"""Whether a member follows the account: publisher asks WeChat, seldom, and the answer stays with the member."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from contracts.asks import CheckFollowing, Following
from kit.asks import AnsweredNo, Asker, NobodyAnswered
from kit.clock import Clock
from services.micro_community.domain.member import Member
from services.micro_community.ports import Members

AGAIN_AFTER = timedelta(minutes=1)
PATIENCE_SECONDS = 3.0
"""Somebody who writes waits for it."""
log = structlog.get_logger("followings")


@dataclass(frozen=True)
class AskedFollowings:
    asker: Asker
    members: Members
    clock: Clock

    async def looked_up(self, member: Member) -> Member:
        if not await self.members.claim_look_up(member.member_id, self.clock.now(), again_after=AGAIN_AFTER):
            return member
        question = CheckFollowing(account_id=member.account_id, openid=member.openid)
        try:
            said = await self.asker.ask(question, Following, seconds=PATIENCE_SECONDS)
        except (AnsweredNo, NobodyAnswered) as refusal:
            log.warning("following_not_known", member_id=member.member_id, code=refusal.code)
            return member
        await self.members.note_following(member.member_id, follows=said.follows)
        return replace(member, follows_account=said.follows)
