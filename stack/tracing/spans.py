"""Spans as we keep them, and how they are read from an OTLP export (opentelemetry-proto 1.x, protobuf)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SentSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

_KINDS = {1: "internal", 2: "server", 3: "client", 4: "producer", 5: "consumer"}
_NANO = 1e-9


class Malformed(ValueError):
    """The body is no OTLP trace export."""


@dataclass(frozen=True)
class Span:
    """One span. `start` in seconds since 1970 (UTC); ids in hexadecimal, `parent_id` empty for a root."""

    trace_id: str
    span_id: str
    parent_id: str
    service: str
    name: str
    start: float
    seconds: float
    kind: str = "internal"
    error: str = ""
    """Empty when nothing failed."""
    attributes: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    """Trace ids of spans that this one continues or belongs with."""

    @property
    def end(self) -> float:
        return self.start + self.seconds


def decode(body: bytes) -> list[Span]:
    """The spans of one export. Raises Malformed."""
    request = ExportTraceServiceRequest()
    try:
        request.ParseFromString(body)
    except DecodeError as error:
        raise Malformed(str(error)) from error
    return [_span(service, sent) for service, sent in _sent(request)]


def _sent(request: ExportTraceServiceRequest) -> Iterator[tuple[str, SentSpan]]:
    for of_resource in request.resource_spans:
        service = str(_attributes(of_resource.resource.attributes).get("service.name", "unknown"))
        for of_scope in of_resource.scope_spans:
            for sent in of_scope.spans:
                if len(sent.trace_id) != 16 or len(sent.span_id) != 8:
                    raise Malformed("a span without proper ids")
                yield service, sent


def _span(service: str, sent: SentSpan) -> Span:
    failed = sent.status.code == Status.STATUS_CODE_ERROR
    return Span(
        trace_id=sent.trace_id.hex(),
        span_id=sent.span_id.hex(),
        parent_id=sent.parent_span_id.hex(),
        service=service,
        name=sent.name,
        start=sent.start_time_unix_nano * _NANO,
        seconds=max(0, sent.end_time_unix_nano - sent.start_time_unix_nano) * _NANO,
        kind=_KINDS.get(sent.kind, "internal"),
        error=(sent.status.message or "error") if failed else "",
        attributes=_attributes(sent.attributes),
        events=[
            {
                "name": event.name,
                "after": (event.time_unix_nano - sent.start_time_unix_nano) * _NANO,
                "attributes": _attributes(event.attributes),
            }
            for event in sent.events
        ],
        links=[link.trace_id.hex() for link in sent.links],
    )


def _attributes(pairs: Iterable[KeyValue]) -> dict[str, Any]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    content = getattr(value, kind)
    if kind == "array_value":
        return [_value(item) for item in content.values]
    if kind == "kvlist_value":
        return _attributes(content.values)
    if kind == "bytes_value":
        return content.hex()
    return content
