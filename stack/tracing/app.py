"""HTTP in: OTLP exports, the JSON API, the pages."""

from __future__ import annotations

import zlib
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from stack.tracing.pages import Search, list_page, missing_page, trace_page
from stack.tracing.spans import Malformed, Span, decode
from stack.tracing.store import Traces
from stack.tracing.waterfall import render_svg

_MOST_BYTES = 16 * 1024 * 1024
_PROTOBUF = "application/x-protobuf"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class _TooLarge(ValueError):
    """A body beyond the limit, before or after unpacking."""


def new_app(traces: Traces) -> Starlette:
    """The receiver over this store."""
    routes = [
        Route("/v1/traces", _take_traces, methods=["POST"]),
        Route("/v1/metrics", _drop, methods=["POST"]),
        Route("/v1/logs", _drop, methods=["POST"]),
        Route("/api/traces", _list),
        Route("/api/traces/{trace_id}", _one),
        Route("/traces/{trace_id}.svg", _picture),
        Route("/traces/{trace_id}", _page),
        Route("/livez", _alive),
        Route("/", _index),
    ]
    app = Starlette(routes=routes)
    app.state.traces = traces
    return app


def span_document(span: Span) -> dict[str, Any]:
    """A span as the API and `demo --json` give it."""
    return asdict(span)


async def _take_traces(request: Request) -> Response:
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind != _PROTOBUF:
        return PlainTextResponse(f"only {_PROTOBUF}", 415)
    try:
        spans = decode(await _body(request))
    except _TooLarge:
        return PlainTextResponse("too large", 413)
    except (Malformed, zlib.error) as error:
        return PlainTextResponse(f"malformed: {error}", 400)
    _traces(request).add(spans)
    # An empty ExportTraceServiceResponse: everything was taken.
    return Response(b"", media_type=_PROTOBUF)


async def _drop(request: Request) -> Response:
    """Metrics and logs are accepted so that exporters stay quiet, and not kept."""
    async for _ in request.stream():
        pass
    return Response(b"", media_type=_PROTOBUF)


async def _body(request: Request) -> bytes:
    packed = bytearray()
    async for chunk in request.stream():
        packed += chunk
        if len(packed) > _MOST_BYTES:
            raise _TooLarge
    if request.headers.get("content-encoding") != "gzip":
        return bytes(packed)
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    body = unpacking.decompress(bytes(packed), _MOST_BYTES)
    if unpacking.unconsumed_tail:
        raise _TooLarge
    return body


async def _list(request: Request) -> Response:
    search = _search(request)
    found = _traces(request).latest(service=search.service, text=search.text, errors=search.errors, limit=search.limit)
    return JSONResponse({"traces": [asdict(trace) for trace in found]})


async def _one(request: Request) -> Response:
    trace_id = request.path_params["trace_id"].lower()
    spans = _traces(request).spans(trace_id)
    body = {"trace_id": trace_id, "spans": [span_document(span) for span in spans]}
    return JSONResponse(body, 200 if spans else 404)


async def _index(request: Request) -> Response:
    search, traces = _search(request), _traces(request)
    found = traces.latest(service=search.service, text=search.text, errors=search.errors, limit=search.limit)
    return HTMLResponse(list_page(found, traces.services(), search), headers=_HEADERS)


async def _page(request: Request) -> Response:
    trace_id = request.path_params["trace_id"].lower()
    spans = _traces(request).spans(trace_id)
    if not spans:
        return HTMLResponse(missing_page(trace_id), 404, headers=_HEADERS)
    return HTMLResponse(trace_page(trace_id, spans), headers=_HEADERS)


async def _picture(request: Request) -> Response:
    spans = _traces(request).spans(request.path_params["trace_id"].lower())
    return Response(render_svg(spans), 200 if spans else 404, media_type="image/svg+xml", headers=_HEADERS)


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok")


def _traces(request: Request) -> Traces:
    traces: Traces = request.app.state.traces
    return traces


def _search(request: Request) -> Search:
    asked = request.query_params
    limit = asked.get("limit", "100")
    return Search(
        service=asked.get("service", ""),
        text=asked.get("q", "").strip(),
        errors=asked.get("errors") == "1",
        limit=max(1, min(int(limit), 1000)) if limit.isdigit() else 100,
    )
