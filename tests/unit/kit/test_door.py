"""What the door keeps of a request that nobody was to trace."""

from __future__ import annotations

import httpx
import pytest
from fastapi import Request, Response
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased
from starlette.background import BackgroundTask
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from kit.door import ANSWER_NOW, usually
from kit.http import new_app
from kit.metrics import new_metrics
from kit.refusal import NotFound
from kit.routes import Routes, add_routes
from kit.telemetry import _Roots, traceparent

KEPT = InMemorySpanExporter()


@pytest.fixture
def asking() -> httpx.AsyncClient:
    provider = TracerProvider(sampler=ParentBased(_Roots(0.0)))
    provider.add_span_processor(SimpleSpanProcessor(KEPT))
    KEPT.clear()
    app = new_app("Test", "/test", new_metrics(), max_body_bytes=1_000)
    app.door.trace_ratio, app.door.tracer = 0.0, provider.get_tracer("tests")
    add_routes(app, _routes(), "/test")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


def _routes() -> Routes:
    routes = Routes()

    async def answer(what: str) -> Response:
        if what == "bug":
            raise RuntimeError("a bug")
        if what == "refusal":
            raise NotFound
        if what == "stream":
            return StreamingResponse(iter(["piece ", "by piece"]))
        if what == "background":
            return Response("with something after it", background=BackgroundTask(list))
        return Response(traceparent() or "none")

    @routes.get("/{what}")
    @routes.post("/{what}")
    @usually(lambda request, _: answer(request.path_params["what"]))
    async def do(request: Request, what: str) -> Response:
        return await answer(what)

    return routes


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_bug_is_kept_under_the_trace_that_the_answer_names(asking: httpx.AsyncClient, method: str) -> None:
    answer = await asking.request(method, "/test/bug")
    (span,) = KEPT.get_finished_spans()
    assert answer.status_code == 500
    assert answer.json()["trace_id"] == f"{span.context.trace_id:032x}"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("what", ["refusal", "fine"])
async def test_nothing_else_is(asking: httpx.AsyncClient, method: str, what: str) -> None:
    await asking.request(method, f"/test/{what}")
    assert not KEPT.get_finished_spans()


async def test_what_a_write_causes_knows_that_it_is_not_kept(asking: httpx.AsyncClient) -> None:
    assert (await asking.post("/test/fine")).text.endswith("-00")
    assert (await asking.get("/test/fine")).text == "none"


class Server:
    """Stands between client and app, with the extension that a server may have."""

    def __init__(self, app: ASGIApp, *, takes: bool) -> None:
        self.app, self.takes = app, takes
        self.answered: list[tuple[int, dict[bytes, bytes], bytes]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        before = len(self.answered)
        await self.app({**scope, "extensions": {ANSWER_NOW: self._answer_now}}, receive, send)
        for status, headers, body in self.answered[before:] if self.takes else ():
            await send({"type": "http.response.start", "status": status, "headers": list(headers.items())})
            await send({"type": "http.response.body", "body": body})

    def _answer_now(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
        self.answered.append((status, dict(headers), body))
        return self.takes


@pytest.mark.parametrize("takes", [True, False])
async def test_a_whole_answer_leaves_at_once_where_the_server_takes_it(asking: httpx.AsyncClient, takes: bool) -> None:
    server = Server(asking._transport.app, takes=takes)  # type: ignore[attr-defined]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(server), base_url="http://test") as client:
        fine, refused = await client.get("/test/fine"), await client.get("/test/refusal")
        streamed, followed = await client.get("/test/stream"), await client.get("/test/background")
    assert (fine.status_code, fine.text, refused.status_code) == (200, "none", 404)
    assert (streamed.text, followed.text) == ("piece by piece", "with something after it")
    assert [status for status, _, _ in server.answered] == [200, 404]
    for status, headers, body in server.answered:
        assert headers[b"x-content-type-options"] == b"nosniff"
        assert int(headers[b"content-length"]) == len(body), status
