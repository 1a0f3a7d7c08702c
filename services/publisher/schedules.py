"""Time in: what is looked for every so often."""

from __future__ import annotations

import asyncio

from kit.periodic import Periodic
from services.publisher.commands.breach_mandate import BreachMandate, breach_mandate
from services.publisher.dependencies import Dependencies
from services.publisher.processes.connecting import connect_accounts
from services.publisher.processes.ordering import order_granted
from services.publisher.processes.sending import Sending
from services.publisher.processes.telling import tell_followers

CONNECTING_SECONDS = 1.0
MOST_BREACHES = 200


def periodic(deps: Dependencies, sending: Sending) -> tuple[Periodic, ...]:
    """Everything that time starts."""
    poll, ordered = deps.settings.work_poll_seconds, asyncio.Event()

    async def connect() -> None:
        await connect_accounts(deps)

    async def order() -> None:
        if await order_granted(deps):
            ordered.set()

    async def tell() -> None:
        await tell_followers(deps)

    async def breach() -> None:
        for mandate_id in await deps.records.mandates.overdue(deps.clock.now(), MOST_BREACHES):
            await _breach(deps, BreachMandate(mandate_id))

    return (
        Periodic("connecting", CONNECTING_SECONDS, connect),
        Periodic("ordering", poll, order),
        Periodic("sending", poll, sending.look, wake=ordered),
        Periodic("telling", poll, tell),
        Periodic("breaching", deps.settings.breach_check_seconds, breach),
    )


async def _breach(deps: Dependencies, command: BreachMandate) -> None:
    await deps.store.transact(lambda tx: breach_mandate(tx, command, records=deps.records))
