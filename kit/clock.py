"""Time as something that is handed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time: aware, UTC, whole milliseconds (MongoDB keeps no more)."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return to_milliseconds(datetime.now(UTC))


def to_milliseconds(instant: datetime) -> datetime:
    """The instant without the microseconds that MongoDB would drop."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
