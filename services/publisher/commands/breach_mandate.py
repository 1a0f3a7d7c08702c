"""The due time of a mandate passed without a repost."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.publisher import RepostMandateBreached
from kit.transaction import Tx
from services.publisher.ports import Records


@dataclass(frozen=True)
class BreachMandate:
    mandate_id: str


async def breach_mandate(tx: Tx, command: BreachMandate, *, records: Records) -> None:
    """Tell once; a repost that comes late still fulfils it, and says so."""
    mandate = await records.mandates.get(tx, command.mandate_id)
    if mandate is None or not mandate.breach(tx.now):
        return
    await records.mandates.save(tx, mandate)
    tx.emit(
        RepostMandateBreached(
            mandate_id=mandate.mandate_id,
            account_id=mandate.account_id,
            unit_path=mandate.unit_path,
            due_at=mandate.due_at,
        )
    )
