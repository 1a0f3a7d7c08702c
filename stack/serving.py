"""`guanwei serve`: one service under uvicorn. The same in the image and in the local stack."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import time
import weakref
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import uvicorn
from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from kit.door import ANSWER_NOW, WRITE_NOW

_FACTORIES = {"http": "http", "worker": "worker", "all": "both"}

# The edge gives up an idle connection after 50 s: earlier than we do, so it never sends a request into one that closes.
_KEEP_ALIVE_SECONDS = 65
# Server-sent events end only when told to; a request under way gets this long after SIGTERM.
_DRAIN_SECONDS = 10
_YOUNG_OBJECTS = 20_000
"""So many come between two looks of the garbage collector."""
_BEHIND = 10
"""Niceness of a worker that gives way."""
_TRIES = 5
_BODILESS = (204, 304)
_CONNECTION = frozenset({b"connection", b"transfer-encoding", b"upgrade"})
Asked: TypeAlias = weakref.ref[RequestResponseCycle]


class Protocol(HttpToolsProtocol):
    """uvicorn's, with two extensions of the scope. `kit.door.WRITE_NOW`: a thousand open pages wait for each other, and
    nobody needs a message, a coroutine and the checks of an answer's form for each piece of each. `ANSWER_NOW`: head
    and body leave in one piece; in two they cost the kernel, and the reader, twice."""

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        cycle = self.cycle
        # Not on the way to a websocket. Behind an answer under way the cycle is a later one than that answer's.
        if cycle is not None and cycle.scope is self.scope:
            # The cycle keeps the scope; the other way round as well, each request would be left to the collector.
            of = weakref.ref(cycle)
            now = {WRITE_NOW: partial(_write_now, of), ANSWER_NOW: partial(_answer_now, of)}
            cycle.scope["extensions"] = now  # type: ignore[typeddict-item]


def _write_now(of: Asked, piece: bytes) -> bool:
    cycle = of()
    if cycle is None or cycle.disconnected or cycle.response_complete or not cycle.chunked_encoding:
        return False
    if cycle.flow.write_paused or cycle.transport.is_closing():
        return False
    cycle.transport.write(b"%x\r\n%b\r\n" % (len(piece), piece))
    return True


def _answer_now(of: Asked, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
    """Whatever is unusual is left to the long way."""
    cycle = of()
    if cycle is None or cycle.disconnected or cycle.response_started or cycle.waiting_for_100_continue:
        return False
    if not cycle.keep_alive or cycle.scope["method"] == "HEAD" or cycle.flow.write_paused:
        return False
    if cycle.transport.is_closing() or not _usual(status, headers, body):
        return False
    lines = [b"%b: %b\r\n" % header for header in (*cycle.default_headers, *headers)]
    cycle.transport.write(b"".join((STATUS_LINE[status], *lines, b"\r\n", body)))
    cycle.response_started = cycle.response_complete = True
    cycle.message_event.set()
    cycle.on_response()
    return True


def _usual(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
    """An answer that has a body of the length that it says, and says nothing about the connection."""
    names = [name for name, _ in headers]
    if status < 200 or status in _BODILESS or not _CONNECTION.isdisjoint(names):
        return False
    lengths = [value for name, value in headers if name == b"content-length"]
    if lengths != [b"%d" % len(body)]:
        return False
    values = b"".join([value for _, value in headers])
    return not HEADER_RE.search(b"".join(names)) and not HEADER_VALUE_RE.search(values)


# How every service is served; what speed is compared with is served in the same way.
SERVED: dict[str, Any] = {
    "loop": "uvloop",
    "http": Protocol,
    "log_config": None,
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "timeout_keep_alive": _KEEP_ALIVE_SECONDS,
    "timeout_graceful_shutdown": _DRAIN_SECONDS,
    "forwarded_allow_ips": "*",
    "proxy_headers": True,
}


def run(service: str, role: str, host: str, port: int) -> None:
    """Serve until SIGTERM. Ends the process with 3 when the service cannot start."""
    made = importlib.import_module(f"services.{service}.app")
    if role == "worker" and getattr(made, "WORKER_GIVES_WAY", False):
        _give_way()
    app = getattr(made, _FACTORIES[role])()
    # What is there now stays: looking through it for garbage again and again takes up to a twelfth of a busy process.
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)
    uvicorn.run(app, host=host, port=port, **SERVED)


def _give_way() -> None:
    """On a machine that is shared, who waits for an answer goes before what follows from the answer."""
    with contextlib.suppress(OSError):
        os.nice(_BEHIND)
    # Linux weighs sessions first, and the local stack starts each part in one of its own. A shell's is not ours.
    if os.getsid(0) != os.getpid():
        return
    for _ in range(_TRIES):
        try:
            Path("/proc/self/autogroup").write_text(str(_BEHIND))
        except BlockingIOError:  # one in a tenth of a second, on the whole machine
            time.sleep(0.15)
        except OSError:
            return
        else:
            return
