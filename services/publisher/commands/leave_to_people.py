"""What became of an order cannot be found out by asking: people have to look."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.publisher.commands.carrying_out import claimed
from services.publisher.ports import Records


@dataclass(frozen=True)
class LeaveToPeople:
    mass_send_id: str
    fence: int
    code: str
    detail: str


async def leave_to_people(tx: Tx, command: LeaveToPeople, *, records: Records) -> None:
    """The repetition was refused for a reason that the first call may have made true. Raises LostClaim."""
    order = await claimed(tx, command.mass_send_id, command.fence, records)
    order.left_to_people(f"{command.code} {command.detail}", tx.now)
    await records.mass_sends.save(tx, order)
