"""Who asks: programs of their own, so that what they cost is not counted with what they measure."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from stack.places import REPOSITORY


class Misanswered(Exception):
    """Some requests were answered otherwise than asked for: what was measured is not the thing."""


class LoadFailed(Exception):
    """The program that makes the load came to nothing; its last words are in the text."""


@dataclass(frozen=True)
class Pace:
    """How hard, and how long."""

    connections: int
    seconds: float
    warm_seconds: float = 0.5


@dataclass(frozen=True)
class Result:
    """What one load found."""

    done: int
    per_second: float
    p50: float
    p95: float
    p99: float
    busy: float
    """Part of a core that the asking program took; near 1 it was the program that was measured."""


async def ask(url: str, requests: Sequence[str], pace: Pace, *, status: int = 200) -> Result:
    """Send these requests in turn.

    Raises:
        Misanswered: another status, or a connection that broke.
    """
    where = urlsplit(url)
    plan = {"host": where.hostname, "port": where.port, "requests": list(requests), **vars(pace)}
    found = await run("bench.load.requests", plan)
    statuses = found.pop("statuses")
    if set(statuses) != {str(status)}:
        raise Misanswered(f"wanted {status} only, got {statuses} from {requests[0].splitlines()[0]}")
    return Result(**found)


async def insert(url: str, database: str, document: dict[str, Any], pace: Pace) -> float:
    """Plain inserts per second."""
    found = await run("bench.load.inserts", {"url": url, "database": database, "document": document, **vars(pace)})
    return float(found["per_second"])


async def run(module: str, plan: dict[str, Any]) -> dict[str, Any]:
    """The answer of a program of ours."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate(json.dumps(plan).encode())
    if process.returncode:
        raise LoadFailed(f"{module}: {errors.decode(errors='replace')[-2000:]}")
    answer: dict[str, Any] = json.loads(output)
    return answer


def get(path: str, token: str | None = None) -> str:
    """A GET request as it goes over the wire."""
    return _request("GET", path, token, "", "")


def post(path: str, token: str, body: dict[str, Any]) -> str:
    """A POST request with a new idempotency key each time it is sent."""
    text = json.dumps(body)
    head = f"Idempotency-Key: {{key}}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n"
    return _request("POST", path, token, head, text)


def _request(method: str, path: str, token: str | None, head: str, body: str) -> str:
    credential = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"{method} {path} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n{credential}{head}\r\n{body}"
