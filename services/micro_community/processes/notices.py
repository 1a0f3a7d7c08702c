"""Notices outside of the page: those that nobody has read in time, one transaction each."""

from __future__ import annotations

from datetime import timedelta

from kit.transaction import Tx
from services.micro_community.commands.write_notice import write_notice
from services.micro_community.dependencies import Dependencies
from services.micro_community.ports import UnreadNotice

MOST_AT_ONCE = 200


async def send_notices(deps: Dependencies) -> int:
    """Write what is due; publisher sends it. How many members were looked at."""
    before = deps.clock.now() - timedelta(seconds=deps.settings.notice_after_seconds)
    due = await deps.repos.notices.due(before, most=MOST_AT_ONCE)
    # The newest of each member's speaks for all of them.
    newest = {unread.member_id: unread for unread in due}
    for unread in newest.values():
        await _send(deps, unread)
    return len(newest)


async def _send(deps: Dependencies, unread: UnreadNotice) -> None:
    repos = deps.repos
    page = f"{deps.settings.public_url}{deps.settings.post_page_path}"

    async def work(tx: Tx) -> None:
        await write_notice(
            tx, unread, notices=repos.notices, members=repos.members, communities=repos.communities, page=page
        )

    await deps.store.transact(work)
