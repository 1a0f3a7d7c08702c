"""The platform tells how a job ended."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.publisher.commands.concluding import conclude
from services.publisher.domain.mass_send import JobResult
from services.publisher.ports import Records, WorkingCalendar


@dataclass(frozen=True)
class FinishMassSend:
    """The platform's job `msg_id` of the account ended so."""

    account_id: str
    msg_id: int
    result: JobResult


async def finish_mass_send(tx: Tx, command: FinishMassSend, *, records: Records, calendar: WorkingCalendar) -> None:
    """Note the result. When it came before we knew whose it is, it waits for the order; a send that was made by hand
    on the platform's console never gets one.
    """
    found = await records.results.finished(tx, command.account_id, command.msg_id, command.result)
    order = await records.mass_sends.get(tx, found) if found else None
    if order is not None:
        await conclude(tx, order, command.result, records=records, calendar=calendar)
