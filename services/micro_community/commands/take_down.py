"""A moderator takes something down, or rejects what waits; the log of acts says who and why."""

from __future__ import annotations

from kit.transaction import Tx
from services.micro_community.commands.announcing import removed
from services.micro_community.commands.moderating import ModerateContent, item_of, log_deed, save_item
from services.micro_community.commands.resolving import resolve_all
from services.micro_community.domain.moderation import Deed
from services.micro_community.ports import Bench


async def take_down(tx: Tx, command: ModerateContent, *, bench: Bench) -> None:
    """Remove what is shown, or reject what waits; open reports about it are upheld.

    Raises:
        NotFound, StateForbids, StaleVersion
    """
    item = await item_of(tx, command, bench)
    deed: Deed = "rejected" if item.state == "waiting" else "taken_down"
    event = removed(item, "moderator", command.reason, tx.now)
    await save_item(tx, item.removed(command.reason), event, bench)
    await resolve_all(tx, command.target_id, "upheld", reports=bench.reports)
    await log_deed(tx, command, deed, bench)
