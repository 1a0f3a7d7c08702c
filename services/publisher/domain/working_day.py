"""Working days in Shanghai: until when a unit has to carry the group's news on (§5.3.1).

"Within one working day" is read as: by the end of the first working day after the day of the group's own send. The end
is 23:59:59.999 of that day, the last instant that MongoDB and the clock can tell; a repost in that millisecond is still
on time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
END_OF_DAY = time(23, 59, 59, 999_000)
LONGEST_REST = 30
"""Days. The longest holiday has nine; a calendar without a working day in a month is wrong."""


class NoWorkingDay(Exception):
    """The calendar knows no working day in the next month: somebody entered it wrongly."""


@dataclass(frozen=True)
class Due:
    """`provisional`: the calendar had no data for a day on the way, and weekdays were assumed to be working days."""

    at: datetime
    provisional: bool


def is_working(day: date, known: bool | None) -> bool:
    """What the calendar knows of the day; a weekday that it has no data for is assumed to be a working day."""
    return known if known is not None else day.weekday() < 5


def end_of_next_working_day(sent_at: datetime, working: Callable[[date], bool | None]) -> Due:
    """The due instant, in UTC. `working` answers None for days that it has no data for.

    Raises:
        NoWorkingDay
    """
    sent_on = sent_at.astimezone(SHANGHAI).date()
    provisional = False
    for days in range(1, LONGEST_REST + 1):
        day = sent_on + timedelta(days=days)
        known = working(day)
        provisional = provisional or known is None
        if is_working(day, known):
            return Due(datetime.combine(day, END_OF_DAY, SHANGHAI).astimezone(UTC), provisional)
    raise NoWorkingDay(sent_on.isoformat())
