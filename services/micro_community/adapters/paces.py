"""How often an address, or a member, writes through this replica: a brake that costs no read of the database."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from services.micro_community.domain.rules import TooFast

SECONDS = 60.0
MOST_KNOWN = 20_000


@dataclass
class CountedPaces:
    _seen: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def admit(self, address: str, *, per_minute: int) -> None:
        """Raises:
        TooFast
        """
        if self.count(address, seconds=SECONDS) > per_minute:
            raise TooFast(most=per_minute, within_seconds=int(SECONDS))

    def count(self, key: str, *, seconds: float) -> int:
        """Count once more; how often it was within the span, this time included."""
        now = time.monotonic()
        times = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while times and times[0] < now - seconds:
            times.popleft()
        times.append(now)
        if len(self._seen) > MOST_KNOWN:
            self._seen.popitem(last=False)
        return len(times)
