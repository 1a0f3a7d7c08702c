"""An order has to wait a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kit.transaction import Tx
from services.publisher.commands.carrying_out import claimed
from services.publisher.ports import Records


@dataclass(frozen=True)
class PostponeMassSend:
    """The platform asked to come back, or is not there."""

    mass_send_id: str
    fence: int
    until: datetime
    note: str


async def postpone_mass_send(tx: Tx, command: PostponeMassSend, *, records: Records) -> None:
    """Raises LostClaim."""
    order = await claimed(tx, command.mass_send_id, command.fence, records)
    order.postpone(command.fence, command.until, command.note, tx.now)
    await records.mass_sends.save(tx, order)
