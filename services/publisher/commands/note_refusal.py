"""The platform, or a check of ours, refused an order."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.publisher.commands.carrying_out import claimed
from services.publisher.commands.stopping import refuse_order
from services.publisher.ports import Records


@dataclass(frozen=True)
class NoteRefusal:
    mass_send_id: str
    fence: int
    code: str
    detail: str


async def note_refusal(tx: Tx, command: NoteRefusal, *, records: Records) -> None:
    """Raises LostClaim."""
    order = await claimed(tx, command.mass_send_id, command.fence, records)
    await refuse_order(tx, order, command.code, command.detail, records=records)
