"""Requests as the page makes them: an idempotency key per deed, repeated with the same key until an answer comes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from kit.ids import new_id

_TOO_EARLY = (408, 425, 429)
_PAUSE_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)


class Refused(Exception):
    """The system said no, and repeating would not help."""

    def __init__(self, method: str, path: str, answer: httpx.Response) -> None:
        self.status = answer.status_code
        super().__init__(f"{method} {path}: {answer.status_code} {answer.text[:300]}")


@dataclass
class Retries:
    """How many requests had to be repeated, by all callers together."""

    count: int = 0
    last: str = ""


@dataclass(frozen=True)
class Caller:
    """Somebody with a browser."""

    http: httpx.AsyncClient
    token: str = field(default="", repr=False)
    retries: Retries = field(default_factory=Retries)

    async def get(self, path: str, **params: Any) -> Any:
        return await self.call("GET", path, params=params)

    async def post(self, path: str, body: Any = None) -> Any:
        return await self.call("POST", path, json=body)

    async def put(self, path: str, body: Any = None) -> Any:
        return await self.call("PUT", path, json=body)

    async def call(self, method: str, path: str, **content: Any) -> Any:
        """The answer's body, however often it takes. Raises Refused on a 4xx."""
        headers = {"Idempotency-Key": new_id(), **self._authorization()}
        attempt = 0
        while True:
            answer = await self._try(method, path, headers, content)
            if answer is not None and answer.is_success:
                return answer.json()
            if answer is not None and answer.status_code < 500 and answer.status_code not in _TOO_EARLY:
                raise Refused(method, path, answer)
            self.retries.count += 1
            pause = _PAUSE_SECONDS[min(attempt, len(_PAUSE_SECONDS) - 1)]
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
            attempt += 1

    async def _try(
        self, method: str, path: str, headers: Mapping[str, str], content: Mapping[str, Any]
    ) -> httpx.Response | None:
        try:
            return await self.http.request(method, path, headers=dict(headers), **content)
        except httpx.TransportError as error:
            self.retries.last = repr(error)
            return None

    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def browser(address: str) -> httpx.AsyncClient:
    """A client for the edge: no proxy of the machine's, a bounded wait, no connection too few."""
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    return httpx.AsyncClient(base_url=address, timeout=10.0, trust_env=False, limits=limits)
