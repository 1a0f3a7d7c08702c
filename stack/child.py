"""A program started by us: its output is kept and passed on, and it dies with us."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

_TETHER = Path(__file__).with_name("tether.py")
_LOG_BYTES = 8 * 1024 * 1024
_TAIL_LINES = 30


@dataclass(frozen=True)
class Launch:
    """What to run. `environment` is the whole environment of the program, nothing is inherited."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path | None = None
    log: Path | None = None


def _silent(_line: str) -> None:
    return


class Child:
    """One running program.

    Not bound to an event loop: a session-wide test server outlives many loops. Must be started from a thread that
    lives as long as this process (see tether.py); in practice, the main thread.
    """

    def __init__(self, launch: Launch, on_line: Callable[[str], None] = _silent) -> None:
        self.launch = launch
        self._on_line = on_line
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._ended: Future[int] = Future()
        self._process = subprocess.Popen(
            _tethered(launch.command),
            env=dict(launch.environment),
            cwd=launch.directory,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Its own group: Ctrl-C in the terminal reaches only us, and we stop the parts in order.
            start_new_session=True,
        )
        threading.Thread(target=self._pump, name=f"output of {launch.command[0]}", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, negative for a signal; None while it runs."""
        return self._ended.result() if self._ended.done() else None

    @property
    def tail(self) -> list[str]:
        """The last lines that it wrote."""
        return list(self._tail)

    async def wait(self) -> int:
        """Until it has ended; its return code."""
        return await asyncio.shield(asyncio.wrap_future(self._ended))

    def send(self, number: signal.Signals) -> None:
        """Signal the program; nothing happens when it has ended."""
        if self.returncode is None:
            self._process.send_signal(number)

    async def stop(self, grace_seconds: float = 10.0) -> int:
        """SIGTERM, and SIGKILL when it has not ended within the grace; its return code."""
        self.send(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self.wait(), grace_seconds)
        except TimeoutError:
            return await self.kill()

    async def kill(self) -> int:
        self.send(signal.SIGKILL)
        return await self.wait()

    def _pump(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        with _Log(self.launch.log) as log, self._process.stdout as lines:
            for raw in lines:
                log.write(raw)
                line = raw.decode("utf-8", "replace").rstrip()
                self._tail.append(line)
                self._on_line(line)
        code = self._process.wait()
        self._process.stdin.close()
        self._ended.set_result(code)


class _Log:
    """A log file that starts over, keeping one predecessor, when it has grown large."""

    def __init__(self, path: Path | None) -> None:
        self._path = path or Path(os.devnull)
        self._file = self._path.open("ab", buffering=0)
        self._rotates = path is not None

    def write(self, raw: bytes) -> None:
        self._file.write(raw)
        if self._rotates and self._file.tell() > _LOG_BYTES:
            self._file.close()
            self._path.replace(self._path.with_suffix(".old.log"))
            self._file = self._path.open("ab", buffering=0)

    def __enter__(self) -> _Log:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _tethered(command: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-I", "-S", str(_TETHER), str(os.getpid()), *command]
