"""The trace receiver, as a process, fed by the real OTLP exporter."""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode

from stack.child import Child, Launch
from stack.places import REPOSITORY
from stack.ports import free_ports
from stack.readiness import http_ok, until
from stack.tracing.spans import Span
from stack.tracing.store import Traces

PROTOBUF = {"content-type": "application/x-protobuf"}


@pytest.fixture
async def receiver(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    port = free_ports(["tracing"])["tracing"]
    command = (sys.executable, "-m", "stack.tracing", "--port", str(port), "--data", str(tmp_path))
    child = Child(Launch(command, {"PYTHONPATH": str(REPOSITORY)}))
    url = f"http://127.0.0.1:{port}"
    await until(lambda: http_ok(url + "/livez"), 30.0)
    async with httpx.AsyncClient(base_url=url) as client:
        yield client
    assert await child.stop() in (0, -15)


def exporting(url: str, compression: Compression) -> Callable[[str], TracerProvider]:
    def provider(service: str) -> TracerProvider:
        made = TracerProvider(resource=Resource.create({"service.name": service}))
        exporter = OTLPSpanExporter(endpoint=f"{url}/v1/traces", compression=compression)
        made.add_span_processor(SimpleSpanProcessor(exporter))
        return made

    return provider


def one_click(provider: Callable[[str], TracerProvider]) -> str:
    """Three spans of two services, the last one failed; the trace id."""
    review, publisher = provider("review"), provider("publisher")
    with (
        review.get_tracer("t").start_as_current_span(
            "POST /review/cases/{case_id}/approve", kind=SpanKind.SERVER, attributes={"case_id": "c1", "tries": [1, 2]}
        ) as root,
        publisher.get_tracer("t").start_as_current_span("process permit", kind=SpanKind.CONSUMER) as inner,
    ):
        with publisher.get_tracer("t").start_as_current_span("群发") as failed:
            failed.record_exception(ValueError("<額度用尽>"))
            failed.set_status(Status(StatusCode.ERROR, "<額度用尽>"))
        inner.set_attribute("ok", True)
    review.shutdown()
    publisher.shutdown()
    return f"{root.get_span_context().trace_id:032x}"


@pytest.mark.parametrize("compression", [Compression.Gzip, Compression.NoCompression])
async def test_what_the_exporter_sends_comes_out_as_a_tree(
    receiver: httpx.AsyncClient, compression: Compression
) -> None:
    url = str(receiver.base_url).rstrip("/")
    trace_id = await asyncio.to_thread(one_click, exporting(url, compression))
    spans = (await receiver.get(f"/api/traces/{trace_id}")).raise_for_status().json()["spans"]
    by_name = {span["name"]: span for span in spans}
    root, inner, failed = (by_name[name] for name in ("POST /review/cases/{case_id}/approve", "process permit", "群发"))
    assert [root["parent_id"], inner["parent_id"], failed["parent_id"]] == ["", root["span_id"], inner["span_id"]]
    assert (root["service"], root["kind"], root["attributes"]) == (
        "review",
        "server",
        {"case_id": "c1", "tries": [1, 2]},
    )
    assert (inner["service"], inner["kind"], inner["attributes"]) == ("publisher", "consumer", {"ok": True})
    assert failed["error"] == "<額度用尽>"
    assert failed["events"][0]["attributes"]["exception.type"] == "ValueError"
    assert root["start"] <= inner["start"] <= failed["start"]
    assert root["seconds"] >= inner["seconds"] >= failed["seconds"] > 0

    (summary,) = (await receiver.get("/api/traces", params={"service": "publisher"})).json()["traces"]
    assert (summary["trace_id"], summary["spans"], summary["errors"]) == (trace_id, 3, 1)
    assert (summary["service"], summary["name"]) == ("review", "POST /review/cases/{case_id}/approve")
    assert summary["services"] == ["publisher", "review"]


async def test_pages_show_the_trace_and_escape_what_it_says(receiver: httpx.AsyncClient) -> None:
    trace_id = await asyncio.to_thread(one_click, exporting(str(receiver.base_url).rstrip("/"), Compression.Gzip))
    listed = (await receiver.get("/", params={"q": trace_id[:8]})).text
    assert f'href="/traces/{trace_id}"' in listed
    assert "1 处出错" in listed
    page = (await receiver.get(f"/traces/{trace_id}")).text
    assert "&lt;額度用尽&gt;" in page
    assert "<額度用尽>" not in page
    picture = await receiver.get(f"/traces/{trace_id}.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "群发" in picture.text
    nothing = await receiver.get("/", params={"q": "ffff0000"})
    assert "没有符合条件的链路" in nothing.text


async def test_bad_input_is_refused_and_leaves_nothing(receiver: httpx.AsyncClient) -> None:
    async def status(content: bytes, **headers: str) -> int:
        return (await receiver.post("/v1/traces", content=content, headers=PROTOBUF | headers)).status_code

    assert await status(b"\xff\xff no protobuf") == 400
    assert await status(b"no gzip", **{"content-encoding": "gzip"}) == 400
    assert await status(gzip.compress(bytes(40_000_000)), **{"content-encoding": "gzip"}) == 413
    assert await status(b"{}", **{"content-type": "application/json"}) == 415
    assert (await receiver.get("/api/traces/zzz")).status_code == 404
    assert (await receiver.get("/api/traces", params={"limit": "many"})).json() == {"traces": []}


@pytest.mark.parametrize("path", ["/v1/metrics", "/v1/logs"])
async def test_metrics_and_logs_are_taken_and_dropped(receiver: httpx.AsyncClient, path: str) -> None:
    assert (await receiver.post(path, content=b"anything", headers=PROTOBUF)).status_code == 200


def span(number: int, trace: int, parent_id: str = "") -> Span:
    return Span(f"{trace:032x}", f"{number:016x}", parent_id, "registry", f"s{number}", float(trace), 0.5)


def test_only_the_last_traces_are_kept(tmp_path: Path) -> None:
    traces = Traces(tmp_path, kept=10)
    for number in range(400):
        traces.add([span(number, number)])
    traces.close()
    again = Traces(tmp_path, kept=10)
    kept = again.latest(limit=1000)
    assert 10 <= len(kept) <= 210
    assert kept[0].trace_id == f"{399:032x}"
    assert again.spans(f"{0:032x}") == []
    assert len(again.spans(f"{399:032x}")) == 1
    again.close()


def test_a_root_that_comes_late_gives_the_trace_its_name(tmp_path: Path) -> None:
    traces = Traces(tmp_path)
    traces.add([span(2, 1, parent_id=f"{1:016x}")])
    assert traces.latest()[0].name == "s2"
    traces.add([span(1, 1)])
    assert (traces.latest()[0].name, traces.latest()[0].spans) == ("s1", 2)
    traces.close()
