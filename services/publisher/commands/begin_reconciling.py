"""The call of an order had no answer: it is to be repeated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kit.transaction import Tx
from services.publisher.commands.carrying_out import Claim, require_approved
from services.publisher.domain.mass_send import Work
from services.publisher.domain.permit import PermitRefusal, require_window
from services.publisher.ports import Records


@dataclass(frozen=True)
class BeginReconciling:
    """`longest`: how long the platform remembers a `clientmsgid`."""

    mass_send_id: str
    lease: timedelta
    leeway: timedelta
    longest: timedelta


async def begin_reconciling(tx: Tx, command: BeginReconciling, *, records: Records) -> Claim | None:
    """Claim the order to repeat its call. If the first one never arrived, the repetition is what sends, so review's
    word has to hold for it too; where it does not, or the platform may have forgotten, people decide.
    """
    order = await records.mass_sends.get(tx, command.mass_send_id)
    if order is None or order.work(tx.now) is not Work.RECONCILE:
        return None
    assert order.sending_at is not None
    try:
        await require_approved(tx, order, records)
        require_window(order.window.not_before, order.window.not_after, tx.now, command.leeway)
    except PermitRefusal as refusal:
        order.left_to_people(refusal.shown, tx.now)
        await records.mass_sends.save(tx, order)
        return None
    if tx.now - order.sending_at > command.longest:
        order.left_to_people("超过平台去重时限", tx.now)
        await records.mass_sends.save(tx, order)
        return None
    fence = order.begin_reconciling(tx.now, command.lease)
    await records.mass_sends.save(tx, order)
    return Claim(order, fence)
