"""Asking whether a part answers yet. Plain sockets: no HTTP client is worth its import time here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

_PAUSE_SECONDS = 0.05


class NotReady(Exception):
    """The part did not answer as it should in time; the text says what the last answer was."""


async def until(check: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Repeat `check` until it returns; NotReady with its last complaint after `seconds`."""
    deadline = time.monotonic() + seconds
    last = "no answer"
    while True:
        try:
            return await asyncio.wait_for(check(), max(0.1, deadline - time.monotonic()))
        except TimeoutError:
            pass  # an earlier complaint says more
        except (NotReady, OSError, EOFError) as complaint:
            last = str(complaint) or type(complaint).__name__
        if time.monotonic() >= deadline:
            raise NotReady(f"not ready after {seconds:.0f} s: {last}")
        await asyncio.sleep(_PAUSE_SECONDS)


async def http_status(url: str, seconds: float = 2.0) -> tuple[int, str]:
    """Status and body of GET `url`; OSError or EOFError when nobody answers."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            writer.write(f"GET {target} HTTP/1.0\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
            head, _, body = (await reader.read(-1)).partition(b"\r\n\r\n")
        finally:
            writer.close()
    words = head.split(b" ", 2)
    if len(words) < 2 or not words[1].isdigit():
        raise EOFError("no HTTP answer")
    return int(words[1]), body.decode("utf-8", "replace")


async def http_ok(url: str) -> None:
    """NotReady unless GET `url` answers 200."""
    status, body = await http_status(url)
    if status != 200:
        raise NotReady(f"{url} answered {status}: {body[:500]}")


async def listening(port: int) -> None:
    """OSError unless somebody accepts connections on `port` of the loopback address."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
