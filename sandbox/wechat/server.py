"""uvicorn with one addition: a request can have its connection cut without a byte of answer."""

import asyncio
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_TRANSPORT = "sandbox.transport"


class CuttableProtocol(HttpToolsProtocol):
    """Hands each request the transport that it came by."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {_TRANSPORT: {"transport": self.transport}}


def hang_up(request: Request) -> None:
    """Cut the connection of a request: its sender sees a reset, not an answer."""
    transport: asyncio.Transport = request.scope["extensions"][_TRANSPORT]["transport"]
    transport.abort()


class TellingServer(uvicorn.Server):
    """Says that it is about to stop while requests still run, so that those which wait can end."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stopping()
        super().handle_exit(sig, frame)


def serve(app: ASGIApp, host: str, port: int, stopping: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=CuttableProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=65,
    )
    TellingServer(config, stopping).run()
