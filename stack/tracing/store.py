"""Keeps the last traces in an SQLite file, bounded by their number."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stack.tracing.spans import Span

KEPT_TRACES = 2_000
KEPT_SPANS_PER_TRACE = 2_000
_SWEEP_EVERY = 200

_SCHEMA = """
CREATE TABLE IF NOT EXISTS spans (
    trace_id TEXT NOT NULL, span_id TEXT NOT NULL, parent_id TEXT NOT NULL, service TEXT NOT NULL,
    name TEXT NOT NULL, start REAL NOT NULL, seconds REAL NOT NULL, error TEXT NOT NULL, rest TEXT NOT NULL,
    PRIMARY KEY (trace_id, span_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS traces (
    trace_id TEXT PRIMARY KEY, start REAL NOT NULL, end REAL NOT NULL, spans INTEGER NOT NULL,
    errors INTEGER NOT NULL, service TEXT NOT NULL, name TEXT NOT NULL, services TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS traces_by_start ON traces (start);
"""
_COLUMNS = ("trace_id", "span_id", "parent_id", "service", "name", "start", "seconds", "error")
_PUT_SPAN = "INSERT OR REPLACE INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PUT_TRACE = "INSERT OR REPLACE INTO traces VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_DROP_OLD = "DELETE FROM traces WHERE trace_id IN (SELECT trace_id FROM traces ORDER BY start DESC LIMIT -1 OFFSET ?)"


@dataclass(frozen=True)
class Summary:
    """A trace in one line. `service` and `name` are the root's, or the earliest span's while the root is missing."""

    trace_id: str
    start: float
    seconds: float
    spans: int
    errors: int
    service: str
    name: str
    services: list[str]


class Traces:
    """All traces that are kept. One process, one thread."""

    def __init__(self, folder: Path, kept: int = KEPT_TRACES) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._kept = kept
        self._since_sweep = 0
        self._connection = sqlite3.connect(folder / "traces.sqlite", isolation_level=None)
        # What a crash of the machine could take is a minute of traces: not worth an fsync each time.
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + _SCHEMA)

    def add(self, spans: Sequence[Span]) -> None:
        """Keep these spans; one that came before is replaced."""
        with self._transaction() as cursor:
            cursor.executemany(
                _PUT_SPAN, [(*(getattr(span, name) for name in _COLUMNS), _rest(span)) for span in spans]
            )
            for trace_id in {span.trace_id for span in spans}:
                self._summarise(cursor, trace_id)
            self._since_sweep += len(spans)
            if self._since_sweep >= _SWEEP_EVERY:
                self._since_sweep = 0
                cursor.execute(_DROP_OLD, (self._kept,))
                cursor.execute("DELETE FROM spans WHERE trace_id NOT IN (SELECT trace_id FROM traces)")

    def latest(self, *, service: str = "", text: str = "", errors: bool = False, limit: int = 100) -> list[Summary]:
        """The newest traces first; `text` is the beginning of a trace id or part of the root's name."""
        where, values = ["1"], []
        if service:
            where.append("services LIKE ?")
            values.append(f'%"{service}"%')
        if text:
            where.append("(trace_id LIKE ? OR name LIKE ?)")
            values += [f"{text.lower()}%", f"%{text}%"]
        if errors:
            where.append("errors > 0")
        # Only literals of ours are joined; everything from outside is a parameter.
        query = f"SELECT * FROM traces WHERE {' AND '.join(where)} ORDER BY start DESC LIMIT ?"  # noqa: S608
        rows = self._connection.execute(query, [*values, limit]).fetchall()
        return [
            Summary(trace_id, start, end - start, spans, failed, first, name, json.loads(services))
            for trace_id, start, end, spans, failed, first, name, services in rows
        ]

    def spans(self, trace_id: str) -> list[Span]:
        """The spans of one trace by start; empty when it is not kept."""
        rows = self._connection.execute(
            "SELECT * FROM spans WHERE trace_id = ? ORDER BY start LIMIT ?", (trace_id, KEPT_SPANS_PER_TRACE)
        )
        return [Span(**dict(zip(_COLUMNS, row, strict=False)), **json.loads(row[-1])) for row in rows]

    def services(self) -> list[str]:
        """Every service that some kept trace went through."""
        rows = self._connection.execute("SELECT DISTINCT services FROM traces").fetchall()
        return sorted({name for (names,) in rows for name in json.loads(names)})

    def close(self) -> None:
        self._connection.close()

    def _transaction(self) -> _Transaction:
        return _Transaction(self._connection)

    def _summarise(self, cursor: sqlite3.Cursor, trace_id: str) -> None:
        # The root sorts first; without it, the earliest span stands in.
        rows = cursor.execute(
            "SELECT service, name, start, start + seconds, error FROM spans WHERE trace_id = ?"
            " ORDER BY parent_id <> '', start",
            (trace_id,),
        ).fetchall()
        services = sorted({row[0] for row in rows})
        start, end = min(row[2] for row in rows), max(row[3] for row in rows)
        errors = sum(1 for row in rows if row[4])
        first = rows[0]
        cursor.execute(_PUT_TRACE, (trace_id, start, end, len(rows), errors, first[0], first[1], json.dumps(services)))


class _Transaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Cursor:
        return self._connection.execute("BEGIN")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._connection.execute("COMMIT" if kind is None else "ROLLBACK")


def _rest(span: Span) -> str:
    rest: dict[str, Any] = {key: value for key, value in asdict(span).items() if key not in _COLUMNS}
    return json.dumps(rest, ensure_ascii=False)
