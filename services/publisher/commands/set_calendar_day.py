"""Enter a day that the calendar's data does not have, or has wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kit.transaction import Tx
from services.publisher.ports import Records


@dataclass(frozen=True)
class SetCalendarDay:
    day: date
    working: bool
    note: str
    entered_by: str


async def set_calendar_day(tx: Tx, command: SetCalendarDay, *, records: Records) -> str:
    """It holds for mandates that are raised from now on; those that stand keep their due time."""
    await records.calendar_days.put(tx, command.day, working=command.working, note=command.note, by=command.entered_by)
    return command.day.isoformat()
