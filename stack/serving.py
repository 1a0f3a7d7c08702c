"""`guanwei serve`: one service under uvicorn. The same in the image and in the local stack."""

from __future__ import annotations

import gc
import importlib
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kit.door import WRITE_NOW

_FACTORIES = {"http": "http", "worker": "worker", "all": "both"}

# The edge gives up an idle connection after 50 s: earlier than we do, so it never sends a request into one that closes.
_KEEP_ALIVE_SECONDS = 65
# Server-sent events end only when told to; a request under way gets this long after SIGTERM.
_DRAIN_SECONDS = 10
_YOUNG_OBJECTS = 20_000
"""So many come between two looks of the garbage collector."""


class Protocol(HttpToolsProtocol):
    """uvicorn's, with an extension of the scope (`kit.door.WRITE_NOW`): a thousand open pages wait for each other, and
    nobody needs a message, a coroutine and the checks of an answer's form for each piece of each."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {WRITE_NOW: self._write_now}  # type: ignore[dict-item]

    def _write_now(self, piece: bytes) -> bool:
        cycle = self.cycle
        if cycle is None or cycle.disconnected or cycle.response_complete or not cycle.chunked_encoding:
            return False
        if self.flow.write_paused or self.transport.is_closing():
            return False
        self.transport.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        return True


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
    app = getattr(importlib.import_module(f"services.{service}.app"), _FACTORIES[role])()
    # What is there now stays: looking through it for garbage again and again takes up to a twelfth of a busy process.
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)
    uvicorn.run(app, host=host, port=port, **SERVED)
