"""Log lines for the terminal: JSON from services as one short line; the file keeps all of it."""

from __future__ import annotations

import json
from typing import Any

_SHOWN_FIRST = ("timestamp", "level", "event", "service", "exception", "stack")
_LEFT_OUT = {*_SHOWN_FIRST, "logger", "trace_id", "span_id"}


def readable(line: str) -> str | None:
    """`12:03:04 warning nats_error kind=…` of a structured line; any other line as it is; None below info."""
    entry = _parsed(line)
    if entry is None or "event" not in entry:
        return line
    level = str(entry.get("level", "info"))
    if level == "debug":
        return None
    time = str(entry.get("timestamp", ""))[11:19]
    rest = " ".join(f"{key}={_short(value)}" for key, value in entry.items() if key not in _LEFT_OUT)
    trace = f" trace={str(entry['trace_id'])[:8]}" if "trace_id" in entry else ""
    exception = "\n" + str(entry["exception"]) if entry.get("exception") else ""
    return f"{time} {level:<7} {entry['event']} {rest}{trace}".rstrip() + exception


def errors_only(line: str) -> str | None:
    """A structured line of caddy if it tells of an error, or an unstructured one."""
    entry = _parsed(line)
    if entry is None:
        return line
    if entry.get("level") not in ("error", "fatal", "panic"):
        return None
    return f"{entry.get('msg', '')} {entry.get('error', '')}".strip()


def _parsed(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        return dict(json.loads(line))
    except ValueError:
        return None


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:119] + "…"
