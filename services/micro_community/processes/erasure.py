"""What a member who left had written is erased, some of it at a time, by the same writes as anybody's deletion."""

from __future__ import annotations

from kit.transaction import Tx
from services.micro_community.commands.announcing import removed
from services.micro_community.dependencies import Dependencies
from services.micro_community.domain.member import Member

MOST_AT_ONCE = 200
REASON = "账号注销"


async def erase_content(deps: Dependencies) -> int:
    """One round. How many things were erased; 0: there is nothing left to do."""
    done = 0
    for member in await deps.repos.erasures.due(most=10):
        # They may have come back, or still read with an old session: what they marked is no longer theirs.
        async with deps.live.marking(member.member_id):
            erased = await _round(deps, member)
            if not erased and not await deps.repos.erasures.unsettled(member):
                erased = await _settle(deps, member)
        done += erased
    return done


async def _round(deps: Dependencies, member: Member) -> int:
    repos, now = deps.repos, deps.clock.now()
    posts = await repos.erasures.posts(member, most=MOST_AT_ONCE)
    for post in posts:
        await repos.posts.save(post.erased(now), removed(post, "author", REASON, now), now=now)
    replies = await repos.erasures.replies(member, most=MOST_AT_ONCE)
    for reply in replies:
        await repos.replies.save(reply.erased(now), removed(reply, "author", REASON, now), now=now)
    marks = await repos.erasures.withdraw_marks(member, now, most=MOST_AT_ONCE)
    pictures = await repos.erasures.pictures(member, most=MOST_AT_ONCE)
    for picture_id in pictures:
        await deps.files.drop(picture_id)
        await repos.erasures.drop_picture(picture_id)
    return len(posts) + len(replies) + marks + len(pictures)


async def _settle(deps: Dependencies, member: Member) -> int:
    """What they earned goes with what it was earned by; when nothing of it is left, they are done with."""

    async def forfeit(tx: Tx) -> int:
        return await deps.repos.erasures.forfeit(tx, member, most=MOST_AT_ONCE)

    async def finish(tx: Tx) -> None:
        await deps.repos.erasures.finish(tx, member)

    forfeited = await deps.store.transact(forfeit)
    if not forfeited:
        await deps.repos.erasures.forget(member)
        await deps.store.transact(finish)
    return forfeited
