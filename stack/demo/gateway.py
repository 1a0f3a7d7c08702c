"""Speaking to the gateways behind the edge as somebody who is signed in."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

T = TypeVar("T")
Json = dict[str, Any]

_PAUSE_SECONDS = 0.05
_TRIES, _AWAY_SECONDS = 5, 0.5
PATIENCE_SECONDS = 40.0
"""How long a consequence may take: events travel in a fraction of a second, a crowded machine takes longer."""


class DoesNotHold(Exception):
    """Something is not as the main job promises; the text says what."""


class Unexpected(DoesNotHold):
    """An answer other than the one that was due."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        where = f"{answer.request.method} {answer.request.url.path}"
        super().__init__(f"{where} answered {answer.status_code}: {answer.text[:500]}")


def hold(truth: object, otherwise: str) -> None:
    """Raise DoesNotHold unless it is true."""
    if not truth:
        raise DoesNotHold(otherwise)


async def eventually(look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Look again until there is something.

    Raises:
        DoesNotHold: it did not come in time.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > until:
            raise DoesNotHold(f"not seen within {PATIENCE_SECONDS:.0f} s: {what}")
        await asyncio.sleep(_PAUSE_SECONDS)


@dataclass(frozen=True)
class Edge:
    """The one address in front of all gateways. Idempotency keys follow from `play`, the caller and the request, so
    that a play which was interrupted is taken up where it stopped by playing it again.
    """

    http: httpx.AsyncClient
    play: str

    async def request(self, method: str, path: str, **rest: Any) -> httpx.Response:
        """Ask, and ask again where no answer came or a service is away for a moment: keys make that harmless."""
        for _ in range(_TRIES - 1):
            try:
                answer = await self.http.request(method, path, **rest)
            except httpx.TransportError:
                continue
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            await asyncio.sleep(_AWAY_SECONDS)
        return await self.http.request(method, path, **rest)

    async def sign_in(self, login: str, password: str) -> Person:
        """Raises Unexpected when registry refuses."""
        answer = await self.request("POST", "/registry/session", json={"login": login, "password": password})
        # Callers show their tokens themselves: many people share this connection.
        self.http.cookies.clear()
        if answer.status_code != 201:
            raise Unexpected(answer)
        said = answer.json()
        return Person(self, said["token"], login, said["person"]["person_id"])

    async def guest(self, path: str, **query: Any) -> Json:
        return _body(await self.request("GET", path, params=query))


@dataclass(frozen=True)
class Caller:
    """Whoever shows this token."""

    edge: Edge
    token: str
    name: str

    async def get(self, path: str, **query: Any) -> Json:
        return _body(await self.edge.request("GET", path, params=query, headers=self._headers()))

    async def every(self, path: str, **query: Any) -> list[Json]:
        """All items of a list, page after page."""
        page = await self.get(path, limit=100, **query)
        items: list[Json] = page["items"]
        while page["next_cursor"]:
            page = await self.get(path, limit=100, cursor=page["next_cursor"], **query)
            items += page["items"]
        return items

    async def find(self, path: str) -> Json | None:
        """The same; None where there is nothing (yet)."""
        answer = await self.edge.request("GET", path, headers=self._headers())
        return None if answer.status_code == 404 else _body(answer)

    async def post(self, path: str, body: Mapping[str, Any] | None = None, *, turn: str = "") -> Json:
        """`turn` tells apart what is done twice in the same words."""
        return _body(await self._change("POST", path, body, turn))

    async def put(self, path: str, body: Mapping[str, Any], *, turn: str = "") -> Json:
        return _body(await self._change("PUT", path, body, turn))

    async def upload(self, path: str, name: str, content: bytes) -> Json:
        headers = self._headers(self._key("POST", path, name))
        files = {"file": (name, content, "application/octet-stream")}
        return _body(await self.edge.request("POST", path, files=files, headers=headers))

    async def refused(
        self, code: str, path: str, body: Mapping[str, Any] | None = None, *, turn: str = "refused"
    ) -> str:
        """Post what must be refused with this code; answers the code.

        Raises:
            Unexpected
        """
        answer = await self._change("POST", path, body, turn)
        media_type = answer.headers.get("content-type", "")
        if media_type != "application/problem+json" or answer.json().get("code") != code:
            raise Unexpected(answer)
        return code

    async def _change(self, method: str, path: str, body: Mapping[str, Any] | None, turn: str) -> httpx.Response:
        key = self._key(method, path, json.dumps(body, sort_keys=True), turn)
        return await self.edge.request(method, path, json=body, headers=self._headers(key))

    def _headers(self, key: str | None = None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})

    def _key(self, *what: str) -> str:
        return hashlib.sha256("\n".join((self.edge.play, self.name, *what)).encode()).hexdigest()[:40]


@dataclass(frozen=True)
class Person(Caller):
    """Somebody of the group; `name` is the login."""

    person_id: str


def _body(answer: httpx.Response) -> Json:
    if not answer.is_success:
        raise Unexpected(answer)
    found: Json = answer.json()
    return found
