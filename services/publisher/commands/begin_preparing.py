"""An order is claimed, to be uploaded and drafted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kit.transaction import Tx
from services.publisher.commands.carrying_out import Claim
from services.publisher.commands.stopping import refuse_order
from services.publisher.domain.mass_send import Work
from services.publisher.domain.permit import PermitExpired
from services.publisher.ports import Records


@dataclass(frozen=True)
class BeginPreparing:
    mass_send_id: str
    lease: timedelta


async def begin_preparing(tx: Tx, command: BeginPreparing, *, records: Records) -> Claim | None:
    """Claim the order; None: somebody else has it, or it needs no preparing."""
    order = await records.mass_sends.get(tx, command.mass_send_id)
    if order is None or order.work(tx.now) is not Work.PREPARE:
        return None
    if tx.now >= order.window.not_after:
        expired = PermitExpired()
        await refuse_order(tx, order, expired.code, expired.shown, records=records)
        return None
    fence = order.begin_preparing(tx.now, command.lease)
    await records.mass_sends.save(tx, order)
    return Claim(order, fence)
