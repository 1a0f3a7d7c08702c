"""`python -m bench.load.streams < plan`: many open pages, one that writes, and when each page saw what was written.

The plan is JSON: `host`, `port`, `streams` (requests, one for each page), `replies` (requests to send one after the
other), `per_second`. Replies are sent at random distances, as people write. Answered is JSON: `seen`, the seconds from
sending a reply to its arrival on a page, for each reply and page, sorted; `missing`, how many never arrived.

A thousand pages are a thousand phones; here they are one program on the machine that is measured. When something has
come it stays awake for a moment: asleep, it would be woken by each event anew, and what sends would pay for that.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from dataclasses import dataclass
from typing import Any

import uvloop

_KEY = "{key}"
_REPLY_ID = re.compile(rb'"reply_id":"([0-9a-f]{32})"')
_CREATED = re.compile(rb'event: reply\.created\ndata: \{[^\n]*?"reply_id":"([0-9a-f]{32})"')
_LATEST_SECONDS = 5.0
_AWAKE_SECONDS = 0.01


@dataclass
class _Awake:
    """Keeps the loop turning for a moment after something has come."""

    until: float = 0.0
    turning: bool = False

    def stay(self, now: float) -> None:
        self.until = now + _AWAKE_SECONDS
        if not self.turning:
            self.turning = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self.turning = time.perf_counter() < self.until
        if self.turning:
            asyncio.get_running_loop().call_soon(self._turn)


class _Page(asyncio.Protocol):
    """Only notes what came when; it is read when all is over."""

    def __init__(self, request: bytes, awake: _Awake) -> None:
        self.request = request
        self.awake = awake
        self.came: list[tuple[float, bytes]] = []
        self.greeted = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self.came.append((now, data))
        self.awake.stay(now)
        if not self.greeted.is_set() and b"event: hello" in data:
            self.greeted.set()


async def _run(plan: dict[str, Any]) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    awake = _Awake()
    pages = [_Page(text.encode(), awake) for text in plan["streams"]]
    transports = []
    for page in pages:
        transport, _ = await loop.create_connection(lambda page=page: page, plan["host"], plan["port"])  # type: ignore[misc]
        transports.append(transport)
        if len(transports) % 50 == 0:
            await asyncio.wait_for(page.greeted.wait(), 30)
    await asyncio.wait_for(asyncio.gather(*(page.greeted.wait() for page in pages)), 60)
    sent = await _write(plan)
    await asyncio.sleep(_LATEST_SECONDS)
    for transport in transports:
        transport.close()
    seen = sorted(at - sent[key] for page in pages for key, at in _arrivals(page).items() if key in sent)
    return {"seen": seen, "missing": len(sent) * len(pages) - len(seen)}


async def _write(plan: dict[str, Any]) -> dict[bytes, float]:
    """When each reply was sent, by its id."""
    reader, writer = await asyncio.open_connection(plan["host"], plan["port"])
    pauses = random.Random(1)  # noqa: S311 - not a secret
    sent: dict[bytes, float] = {}
    for number, text in enumerate(plan["replies"]):
        await asyncio.sleep(pauses.expovariate(plan["per_second"]))
        began = time.perf_counter()
        writer.write(text.replace(_KEY, f"{time.time_ns():020d}{number:012d}").encode())
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r")[0]))
        found = _REPLY_ID.search(body)
        if not head.startswith(b"HTTP/1.1 201") or not found:
            raise SystemExit(f"a reply was answered {head[:40]!r} {body[:500]!r}")
        sent[found.group(1)] = began
    writer.close()
    return sent


def _arrivals(page: _Page) -> dict[bytes, float]:
    """When each reply was on the page: at the piece of the stream with which its event was complete."""
    found: dict[bytes, float] = {}
    rest = b""
    for at, data in page.came:
        rest += data
        whole, mark, rest = rest.rpartition(b"\n\n")
        if mark:
            found |= {match.group(1): at for match in _CREATED.finditer(whole + mark)}
    return found


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_run(json.load(sys.stdin)))))
