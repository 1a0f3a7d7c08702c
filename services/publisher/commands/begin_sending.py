"""The call that sends an order is written down before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kit.transaction import Tx
from services.publisher.commands.carrying_out import Claim, require_approved
from services.publisher.commands.stopping import refuse_order
from services.publisher.domain.mass_send import Work
from services.publisher.domain.permit import PermitRefusal
from services.publisher.ports import Records


@dataclass(frozen=True)
class BeginSending:
    mass_send_id: str
    lease: timedelta
    leeway: timedelta


async def begin_sending(tx: Tx, command: BeginSending, *, records: Records) -> Claim | None:
    """Claim the order for the call, if review's word still holds; else refuse it. None: there is no call to make."""
    order = await records.mass_sends.get(tx, command.mass_send_id)
    if order is None or order.work(tx.now) is not Work.SEND:
        return None
    try:
        await require_approved(tx, order, records)
        fence = order.begin_sending(tx.now, command.lease, command.leeway)
    except PermitRefusal as refusal:
        await refuse_order(tx, order, refusal.code, refusal.shown, records=records)
        return None
    await records.mass_sends.save(tx, order)
    return Claim(order, fence)
