"""The HTTP edge that every service shares: limits, security headers, problems, health and metrics."""

from __future__ import annotations

import time
from typing import Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from prometheus_client import Histogram
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit import problems
from kit.door import Door
from kit.metrics import Metrics

UNTRACED = frozenset({"/livez", "/readyz", "/metrics"})
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)

# FastAPI's own tracing knows the route when it was found; the instrumentation beside it looks for it once more.
TELEMETRY: TelemetryConfig = {
    "tracing": True,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "exclude": lambda scope: scope.get("path") in UNTRACED,
}


class Limits:
    """Refuses bodies over the limit, announced or not, before anything is kept of them."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self.max_bytes:
            return await self._refuse(scope, receive, send)
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_bytes:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        code, detail = problems.TITLES[413]
        await problems.problem(413, code, detail, most_bytes=self.max_bytes)(scope, receive, send)


class Durations:
    """How long requests took, by method, route and status."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self._series: dict[tuple[str, str, int], Histogram] = {}

    def observe(self, key: tuple[str, str, int], seconds: float) -> None:
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = self.metrics.http_seconds.labels(*map(str, key))
        series.observe(seconds)


class Edge:
    """Adds the security headers and measures requests by route; a bug's answer too, which Starlette would give last."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self.durations = Durations(metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = time.perf_counter()
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._finish(scope, message, time.perf_counter() - begun)
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        except Exception as error:
            if not started:
                answer = await problems.bug(Request(scope), error)
                await answer(scope, receive, with_headers)
            raise

    def _finish(self, scope: Scope, message: Message, seconds: float) -> None:
        present = {name for name, _ in message["headers"]}
        message["headers"] = [*message["headers"], *(pair for pair in HEADERS if pair[0] not in present)]
        route = getattr(scope.get("route"), "path", "none")
        self.durations.observe((scope["method"], route, message["status"]), seconds)


class App(FastAPI):
    """A FastAPI app with a door in front of it."""

    def __init__(self, *, metrics: Metrics, **options: Any) -> None:
        super().__init__(**options)
        self._durations = Durations(metrics)
        self.door = Door(self, self._seal)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            on = await self.door.enter(scope, receive, send)
            if on is None:
                return
            receive = on
        await super().__call__(scope, receive, send)

    def _seal(self, scope: Scope, response: Response, route: str, seconds: float) -> None:
        response.raw_headers.extend(HEADERS)
        self._durations.observe((scope["method"], route, response.status_code), seconds)


def new_app(title: str, prefix: str, metrics: Metrics, *, max_body_bytes: int, **options: Any) -> App:
    """An app whose documents lie at `<prefix>/openapi.json`."""
    options |= {"openapi_url": f"{prefix}/openapi.json", "docs_url": None, "redoc_url": None}
    app = App(metrics=metrics, title=title, telemetry=TELEMETRY, **options)
    problems.install(app)
    app.add_middleware(Limits, max_bytes=max_body_bytes)
    app.add_middleware(Edge, metrics=metrics)
    app.add_route("/livez", _alive)
    app.add_route("/readyz", _ready)
    app.add_route("/metrics", _metrics)
    return app


async def _alive(_: Request) -> Response:
    return Response("ok", media_type="text/plain")


async def _ready(request: Request) -> Response:
    """503 with what is missing, by name, until everything is there."""
    missing = await request.app.state.missing()
    return JSONResponse({"ready": not missing, "missing": missing}, 503 if missing else 200)


async def _metrics(request: Request) -> Response:
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
