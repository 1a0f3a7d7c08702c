"""Notices outside of the page: those that nobody has read in time, one transaction each."""

from __future__ import annotations

from datetime import timedelta

from kit.transaction import Tx
from services.micro_community.commands.write_notice import write_notice
from services.micro_community.dependencies import Dependencies

MOST_AT_ONCE = 200


async def send_notices(deps: Dependencies) -> int:
    """Write what is due; publisher sends it. How many members were looked at."""
    before = deps.clock.now() - timedelta(seconds=deps.settings.notice_after_seconds)
    due = await deps.repos.notices.due(before, most=MOST_AT_ONCE)
    for member_id in due:
        await _send(deps, member_id)
    return len(due)


async def _send(deps: Dependencies, member_id: str) -> None:
    repos = deps.repos
    page = f"{deps.settings.public_url}{deps.settings.post_page_path}"

    async def work(tx: Tx) -> None:
        await write_notice(
            tx, member_id, notices=repos.notices, members=repos.members, communities=repos.communities, page=page
        )

    await deps.store.transact(work)
