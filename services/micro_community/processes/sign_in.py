"""Sign-in with WeChat: claim the code, have publisher exchange it, then enter the community."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from contracts.asks import ExchangeOAuthCode, OAuthIdentity
from kit.asks import AnsweredNo
from kit.auth import Principal
from kit.refusal import Refusal
from kit.transaction import Tx
from services.micro_community.commands.enter_community import EnterCommunity, enter_community
from services.micro_community.dependencies import Dependencies
from services.micro_community.domain.member import Member, SnapshotUser

ISSUER = "micro_community"


class CodeUsed(Refusal):
    """The code was handed in before: the back button, a refresh, or somebody who copied the link."""

    code = "micro_community.oauth_code_used"
    status = 409
    text = "这次登录已经完成或失效，请重新进入微社区。"


@dataclass(frozen=True)
class SignInWithCode:
    account_id: str
    code: str
    return_to: str


async def sign_in(deps: Dependencies, command: SignInWithCode) -> tuple[str, int]:
    """A session token and how many seconds it lasts. A code is exchanged at most once, whatever happens.

    Raises:
        CodeUsed: handed in before, or WeChat does not know it (any more).
        SnapshotUser, NobodyAnswered, NotFound
    """
    claimed = await deps.repos.codes.claim(
        command.account_id, command.code, return_to=command.return_to, now=deps.clock.now()
    )
    if not claimed:
        raise CodeUsed
    identity = await _exchange(deps, command)
    if identity.is_snapshot_user:
        raise SnapshotUser
    entering = EnterCommunity(
        command.account_id, identity.openid, identity.unionid, identity.nickname, identity.avatar_url
    )

    async def work(tx: Tx) -> tuple[Member, bool]:
        return await enter_community(tx, entering, members=deps.repos.members)

    member, looks_otherwise = await deps.store.transact(work)
    if looks_otherwise:
        await deps.live.people_changed()
    # Now, while they wait anyway, and not at their first word.
    if member.follows_in_doubt((await deps.repos.communities.of(command.account_id)).rules):
        await deps.followings.looked_up(member)
    return _session(deps, member)


async def _exchange(deps: Dependencies, command: SignInWithCode) -> OAuthIdentity:
    question = ExchangeOAuthCode(account_id=command.account_id, code=command.code)
    try:
        return await deps.asker.ask(question, OAuthIdentity, seconds=deps.settings.exchange_seconds)
    except AnsweredNo as no:
        if no.status >= 500:
            raise
        raise CodeUsed from no


def _session(deps: Dependencies, member: Member) -> tuple[str, int]:
    principal = Principal(member.member_id, "member", member.shown_name, (), member.account_id)
    lasts = timedelta(hours=deps.settings.session_hours)
    token, _ = deps.tokens.issue(deps.signing_key, ISSUER, principal, lasts=lasts)
    return token, int(lasts.total_seconds())
