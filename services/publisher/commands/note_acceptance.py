"""The platform accepted an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kit.transaction import Tx
from services.publisher.commands.carrying_out import order_of
from services.publisher.commands.concluding import conclude
from services.publisher.ports import Accepted, Records, WorkingCalendar


@dataclass(frozen=True)
class NoteAcceptance:
    mass_send_id: str
    accepted: Accepted
    ask_after: timedelta


async def note_acceptance(tx: Tx, command: NoteAcceptance, *, records: Records, calendar: WorkingCalendar) -> None:
    """The platform has the job. If its callback was faster than we, the order ends here and now."""
    order = await order_of(tx, command.mass_send_id, records)
    accepted = command.accepted
    if not order.accepted(accepted.msg_id, accepted.msg_data_id, tx.now, command.ask_after):
        return
    result = await records.results.accepted(tx, order.account_id, accepted.msg_id, order.mass_send_id)
    if result is not None:
        await conclude(tx, order, result, records=records, calendar=calendar)
        return
    await records.mass_sends.save(tx, order)
