"""What the supervisor says on the terminal: one line per event, each with the name of its part."""

from __future__ import annotations

import os
import sys
import threading
from typing import TextIO

_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)


class Console:
    """Prefixed lines on a stream; colours only on a terminal, never when NO_COLOR is set."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._lock = threading.Lock()
        self._seen: dict[str, int] = {}
        self.coloured = self._stream.isatty() and not os.environ.get("NO_COLOR")

    def line(self, part: str, text: str) -> None:
        """One line of the part's own output. Called from several threads."""
        with self._lock:
            colour = self._seen.setdefault(part, _COLOURS[len(self._seen) % len(_COLOURS)])
            prefix = f"{part:>15} │ "
            if self.coloured:
                prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
            self._write("\n".join(prefix + line for line in text.splitlines() or [""]))

    def say(self, text: str = "") -> None:
        """A line of the supervisor itself."""
        with self._lock:
            self._write(text)

    def strong(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.coloured else text

    def _write(self, text: str) -> None:
        try:
            print(text, file=self._stream, flush=True)
        except (BrokenPipeError, ValueError):
            # Whoever read our output is gone; the parts must still be stopped in order.
            self._stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
