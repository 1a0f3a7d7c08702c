"""A guard outside the event loop: a loop that no longer turns cannot save itself."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from faulthandler import dump_traceback

from kit.bus import EXIT_CODE
from kit.metrics import Metrics


class Watchdog:
    """A thread that ends the process when the event loop has not run for `seconds`."""

    def __init__(self, metrics: Metrics, *, seconds: float = 30.0) -> None:
        self._metrics = metrics
        self._seconds = seconds
        self._beat_at = time.monotonic()
        self._over = threading.Event()

    async def beat(self) -> None:
        """Run as a task on the loop that is to be guarded."""
        interval = min(1.0, self._seconds / 4)
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        try:
            while True:
                asked_at = time.monotonic()
                await asyncio.sleep(interval)
                self._beat_at = time.monotonic()
                self._metrics.loop_lag_seconds.set(self._beat_at - asked_at - interval)
        finally:
            self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(self._seconds / 4):
            if time.monotonic() - self._beat_at > self._seconds:
                dump_traceback(file=sys.stderr, all_threads=True)
                os._exit(EXIT_CODE)
