"""The trace of one click on *approve*, as the receiver kept it: through four services, to WeChat and back."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import httpx

from stack.demo.gateway import DoesNotHold, Json, eventually, hold
from stack.demo.steps import Step
from stack.tracing.spans import Span
from stack.tracing.waterfall import Row, arrange, duration

NOTED = "process publisher.mass_send.sent.v1"
WANTED: Sequence[tuple[str, str, str]] = (
    ("review", "POST /review/cases/{case_id}/approve", "the click"),
    ("review", "publish review.permit.granted.v1", "the permit leaves review by its outbox"),
    ("publisher", "process review.permit.granted.v1", "and reaches publisher over NATS"),
    ("publisher", "wechat media/uploadimg", "pictures go up"),
    ("publisher", "wechat draft/add", "the draft is made"),
    ("publisher", "wechat message/mass/sendall", "and sent"),
    ("publisher", "receive wechat MASSSENDJOBFINISH", "WeChat's callback continues the trace"),
    ("registry", NOTED, "registry notes the activity"),
    ("micro_community", NOTED, "micro-community opens the discussion"),
)
"""Service, beginning of a span's name, and what it stands for."""

_DATABASE = "db.system"


async def fetch(tracing: str, trace_id: str) -> list[Span]:
    """All spans of the trace, once everything that has to be there has arrived.

    Raises:
        DoesNotHold: with what is missing.
    """
    found: list[Span] = []
    async with httpx.AsyncClient(base_url=tracing, trust_env=False) as http:

        async def look() -> list[Span] | None:
            answer = await http.get(f"/api/traces/{trace_id}")
            found[:] = [Span(**span) for span in answer.json()["spans"]]
            return found if not missing(found) and not _orphans(found) else None

        try:
            return await eventually(look, "the whole trace")
        except DoesNotHold as error:
            lacking = ", ".join(f"{service}: {name}" for service, name in missing(found))
            raise DoesNotHold(
                f"trace {trace_id} has {len(found)} spans, but not [{lacking}];"
                f" {len(_orphans(found))} spans have no parent in it"
            ) from error


def missing(spans: Sequence[Span]) -> list[tuple[str, str]]:
    """What has to be in the trace of the click and is not."""
    there = {(span.service, span.name) for span in spans}
    return [
        (service, name)
        for service, name, _ in WANTED
        if not any(of == service and called.startswith(name) for of, called in there)
    ]


def check(spans: Sequence[Span], step: Step) -> None:
    """One click, one tree."""
    roots = [span for span in spans if not span.parent_id]
    hold(len(roots) == 1, f"the trace has {len(roots)} roots")
    hold(roots[0].name.startswith("POST /review/cases"), f"the trace begins with {roots[0].name}")
    failed = [span.name for span in spans if span.error]
    hold(not failed, f"spans with errors: {failed}")
    counted = Counter(span.service for span in spans)
    whole = max(span.end for span in spans) - min(span.start for span in spans)
    by_service = ", ".join(f"{service} {number}" for service, number in sorted(counted.items()))
    calls = sum(1 for span in spans if span.name.startswith("wechat "))
    step.proves(f"trace {spans[0].trace_id}: {len(spans)} spans in {duration(whole)} ({by_service})")
    step.proves(f"{calls} calls of WeChat and its callback, under the one trace id of the click")


def tree(spans: Sequence[Span]) -> list[str]:
    """The trace for a terminal; calls of the database are counted with the span that made them."""
    rows = arrange(spans)
    calls = Counter(row.span.parent_id for row in rows if _is_database(row.span))
    return [_line(row, calls[row.span.span_id]) for row in rows if not _is_database(row.span)]


async def keep_picture(tracing: str, trace_id: str, path: Path) -> None:
    """The waterfall as the receiver draws it."""
    async with httpx.AsyncClient(base_url=tracing, trust_env=False) as http:
        answer = await http.get(f"/traces/{trace_id}.svg")
    hold(answer.status_code == 200, f"no picture of the trace: {answer.status_code}")
    await asyncio.to_thread(_write, path, answer.content)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def document(spans: Sequence[Span]) -> list[Json]:
    names = ("span_id", "parent_id", "service", "name", "start", "seconds")
    return [{name: getattr(span, name) for name in names} for span in spans]


def _orphans(spans: Sequence[Span]) -> list[Span]:
    known = {span.span_id for span in spans}
    return [span for span in spans if span.parent_id and span.parent_id not in known]


def _is_database(span: Span) -> bool:
    return _DATABASE in span.attributes


def _line(row: Row, database_calls: int) -> str:
    shown = f"{'  ' * row.depth}{row.span.name}"
    database = f"  +{database_calls} MongoDB" if database_calls else ""
    return f"{duration(row.span.seconds):>8}  {row.span.service:<15}  {shown}{database}"
