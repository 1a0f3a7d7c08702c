"""Public holidays and make-up days of the mainland, from the package `chinesecalendar`."""

from __future__ import annotations

from datetime import date

import chinese_calendar


class ChineseCalendar:
    """The State Council announces a year's days in the autumn before; the package has them after its next release."""

    def working(self, day: date) -> bool | None:
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return None
