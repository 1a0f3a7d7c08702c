"""An order was uploaded and drafted."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.publisher.commands.carrying_out import claimed
from services.publisher.ports import Records


@dataclass(frozen=True)
class RecordDraft:
    mass_send_id: str
    fence: int
    media_id: str


async def record_draft(tx: Tx, command: RecordDraft, *, records: Records) -> None:
    """Raises LostClaim."""
    order = await claimed(tx, command.mass_send_id, command.fence, records)
    order.prepared(command.fence, command.media_id, tx.now)
    await records.mass_sends.save(tx, order)
