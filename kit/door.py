"""The few requests that a service is made of, answered without the framework when they look as they usually do.

The framework's layers, its routing and its tree of dependencies take several times as long as all that a service does
for one page of a list. A route may name a short way for the usual form of its request (`usually`); the door knows it by
method and path and goes it, through the same guards, to the same command or query. Any other form goes the declared
way, and whatever is wrong with it is said there. What the layers are for holds at the door too: a bounded body,
security headers, metrics and spans by route, and problems as answers.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from fastapi.routing import APIRoute
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from kit import problems
from kit.refusal import Refusal
from kit.telemetry import CHOSEN, unkept

Short: TypeAlias = Callable[[Request, bytes], Awaitable[Response] | None]
"""What answers a request with that body; None: not of the usual form."""
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
MOST_BYTES = 64 * 1024
WRITE_NOW = "guanwei.write_now"
"""Extension of the scope where the server has it: writes a piece of a body that has begun; False: not now."""
ANSWER_NOW = "guanwei.answer_now"
"""The same of a whole answer: status, headers with the length, body."""
_WHOLE = (Response, JSONResponse)
_CARRIED = {b"traceparent": "traceparent", b"tracestate": "tracestate"}

_tracer = trace.get_tracer("door")


def usually(short: Short) -> Callable[[Endpoint], Endpoint]:
    """Give an endpoint its short way."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.short_way = short  # type: ignore[attr-defined]
        return endpoint

    return mark


@dataclass(frozen=True)
class _Way:
    route: str
    pattern: re.Pattern[str]
    short: Short


@dataclass
class Door:
    """Of one app. `seal` completes an answer before it leaves: headers, and how long it took, by method and route."""

    app: Any
    seal: Callable[[Scope, Response, str, float], None]
    trace_ratio: float = 1.0
    tracer: trace.Tracer = _tracer
    _ways: dict[str, list[_Way]] = field(default_factory=dict)

    def open(self, route: APIRoute) -> None:
        """Let the route's usual requests in, if its endpoint has a short way."""
        short: Short | None = getattr(route.endpoint, "short_way", None)
        for method in (route.methods or ()) if short else ():
            assert short is not None
            self._ways.setdefault(method, []).append(_Way(route.path, route.path_regex, short))

    async def enter(self, scope: Scope, receive: Receive, send: Send) -> Receive | None:
        """Answer the request; or say how its body is received on the declared way."""
        path = scope["path"]
        for way in self._ways.get(scope["method"], ()):
            found = way.pattern.match(path)
            if found is not None:
                return await self._try(way, found.groupdict(), (scope, receive, send))
        return receive

    async def _try(self, way: _Way, params: dict[str, str], call: tuple[Scope, Receive, Send]) -> Receive | None:
        scope, receive, send = call
        begun = time.perf_counter()
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        body = b""
        if scope["method"] == "GET":
            if length not in (b"", b"0"):
                return receive
        elif not length.isdigit() or int(length) > MOST_BYTES:
            return receive
        else:
            body, receive = await _read(receive)
            if len(body) != int(length):  # the caller went before the end of it
                return receive
        request = Request({**scope, "app": self.app, "path_params": params}, receive)
        working = way.short(request, body)
        if working is None:
            return receive
        with self._span(scope, way.route) as span:
            try:
                response = await working
            except Exception as error:
                own = nullcontext(span) if span.is_recording() else self._span(scope, way.route, error)
                with own as failed:
                    response = await problems.answer(request, error)
                    _tell(failed, response)
            else:
                _tell(span, response)
            self.seal(scope, response, way.route, time.perf_counter() - begun)
            whole = type(response) in _WHOLE and response.background is None
            now = scope.get("extensions", {}).get(ANSWER_NOW) if whole else None
            if now is None or not now(response.status_code, response.raw_headers, response.body):
                await response(scope, receive, send)
        return None

    def _span(self, scope: Scope, route: str, error: Exception | None = None) -> AbstractContextManager[trace.Span]:
        """Of a read that nobody traces there is none, not even one that is dropped, unless it ends with an error: the
        answer names its trace, and what is no refusal is always kept. What a write causes elsewhere is not traced when
        the write is not."""
        carrier = {_CARRIED[name]: value.decode("latin-1") for name, value in scope["headers"] if name in _CARRIED}
        attributes: dict[str, str | bool] = {"http.request.method": scope["method"], "http.route": route}
        if not carrier:
            if error is None and random.random() >= self.trace_ratio:  # noqa: S311
                return nullcontext(trace.INVALID_SPAN) if scope["method"] == "GET" else trace.use_span(unkept())
            attributes[CHOSEN] = not isinstance(error, Refusal)
        # Not the current one, which may be of the trace that nobody was to keep.
        parent = propagate.extract(carrier) if carrier else Context()
        attributes["url.path"] = scope["path"]
        return self.tracer.start_as_current_span(f"{scope['method']} {route}", parent, SpanKind.SERVER, attributes)


def _tell(span: trace.Span, response: Response) -> None:
    span.set_attribute("http.response.status_code", response.status_code)
    if response.status_code >= 500:
        span.set_status(Status(StatusCode.ERROR))


async def _read(receive: Receive) -> tuple[bytes, Receive]:
    """The body, and a `receive` that begins with it once more. The server lets no more through than was announced."""
    parts: list[Message] = []
    while not parts or parts[-1].get("more_body"):
        parts.append(await receive())
    body = b"".join(part.get("body", b"") for part in parts)

    async def again() -> Message:
        return parts.pop(0) if parts else await receive()

    return body, again
