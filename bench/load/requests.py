"""`python -m bench.load.requests < plan`: HTTP/1.1 over kept connections, as many requests as the server answers.

A closed loop: each connection sends the next request when it has the last answer. The plan is JSON: `host`, `port`,
`connections`, `seconds`, `warm_seconds`, and `requests`, texts that are sent in turn as they are, but that `{key}`
becomes a new idempotency key each time. Answered is JSON, see `Result` in `bench.load`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any

import uvloop

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length: "
_KEY = b"{key}"
_FEWEST = 50
_LONGEST_SECONDS = 120


@dataclass
class _Load:
    """What the connections share. Answers count from `begins` to `ended`."""

    requests: list[bytes]
    seconds: float
    warm_seconds: float
    begins: float = 0.0
    ended: float = 0.0
    open: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._turn = cycle(self.requests)
        self._numbers = count()
        # Keys are new in every process and 32 characters long, so that a request's length is known beforehand.
        self._prefix = os.urandom(10).hex().encode()

    def next(self) -> bytes | None:
        if self.ended:
            return None
        request = next(self._turn)
        return request.replace(_KEY, self._prefix + b"%012d" % next(self._numbers)) if _KEY in request else request

    def answered(self, status: int, began: float) -> None:
        now = time.perf_counter()
        if now < self.begins or self.ended:
            return
        self.statuses[status] += 1
        self.times.append(now - began)
        # On a crowded machine the time may be over before there is anything to tell of.
        if now > self.begins + self.seconds and len(self.times) >= _FEWEST:
            self.ended = now


class _Connection(asyncio.Protocol):
    """Sends, reads one answer, and sends again."""

    def __init__(self, load: _Load) -> None:
        self._load = load
        self._read = b""
        self._wanted = 0
        self._began = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._load.open += 1
        self._send()

    def data_received(self, data: bytes) -> None:
        self._read = self._read + data if self._read else data
        if not self._wanted:
            end = self._read.find(_HEAD_END)
            if end < 0:
                return
            place = self._read.find(_LENGTH, 0, end) + len(_LENGTH)
            self._wanted = end + len(_HEAD_END) + int(self._read[place : self._read.index(b"\r", place)])
        if len(self._read) >= self._wanted:
            status = int(self._read[9:12])
            self._read, self._wanted = b"", 0
            self._load.answered(status, self._began)
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None or self._wanted or self._read:
            self._load.statuses[0] += 1
        self._load.open -= 1
        if not self._load.open:
            self._load.over.set()

    def _send(self) -> None:
        request = self._load.next()
        if request is None:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)


async def _run(plan: dict[str, Any]) -> dict[str, Any]:
    load = _Load([text.encode() for text in plan["requests"]], plan["seconds"], plan["warm_seconds"])
    loop = asyncio.get_running_loop()
    load.begins = time.perf_counter() + load.warm_seconds
    before = time.process_time()
    for _ in range(plan["connections"]):
        await loop.create_connection(lambda: _Connection(load), plan["host"], plan["port"])
    await asyncio.wait_for(load.over.wait(), load.warm_seconds + load.seconds + _LONGEST_SECONDS)
    seconds = load.ended - load.begins
    busy = (time.process_time() - before) / (load.warm_seconds + seconds)
    times = sorted(load.times) or [0.0]
    return {
        "done": len(load.times),
        "per_second": len(load.times) / seconds,
        "statuses": {str(status): times for status, times in load.statuses.items()},
        "p50": times[len(times) // 2],
        "p95": times[int(len(times) * 0.95)],
        "p99": times[int(len(times) * 0.99)],
        "busy": busy,
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_run(json.load(sys.stdin)))))
