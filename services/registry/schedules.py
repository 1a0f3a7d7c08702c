"""Time in: accounts that have gone quiet."""

from __future__ import annotations

from datetime import timedelta

import structlog

from kit.periodic import Periodic
from kit.transaction import Tx
from services.registry.commands.note_dormancy import NoteDormancy, note_dormancy
from services.registry.dependencies import Dependencies
from services.registry.queries.accounts import quiet_accounts

AT_A_TIME = 200
log = structlog.get_logger("schedules")


def schedules(deps: Dependencies) -> tuple[Periodic, ...]:
    """What registry does by the clock."""

    async def look_for_dormancy() -> None:
        opened = await open_dormancy_findings(deps)
        if opened:
            log.info("dormancy_findings_opened", count=opened)

    return (Periodic("dormancy", deps.settings.dormancy_check_seconds, look_for_dormancy),)


async def open_dormancy_findings(deps: Dependencies) -> int:
    """Look once at the accounts that have been quiet the longest. How many findings were opened."""
    registers = deps.registers

    async def days(tx: Tx) -> int | None:
        rule = (await registers.rules.in_force(tx)).rule("dormancy")
        return None if rule is None else int(rule.parameters["days"])

    limit = await deps.store.transact(days)
    if limit is None:
        return 0
    before = deps.store.clock.now() - timedelta(days=limit)
    quiet = await quiet_accounts(deps.database, before, most=AT_A_TIME)
    return sum([await _note(deps, account_id) for account_id in quiet])


async def _note(deps: Dependencies, account_id: str) -> bool:
    registers = deps.registers

    async def work(tx: Tx) -> bool:
        return await note_dormancy(
            tx,
            NoteDormancy(account_id),
            ledger=registers.ledger,
            findings=registers.findings,
            rules=registers.rules,
        )

    return await deps.store.transact(work)
