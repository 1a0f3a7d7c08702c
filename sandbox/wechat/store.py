"""Documents kept in memory and written through to one SQLite table, so that a restart finds everything again."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

log = logging.getLogger("sandbox.wechat")


class Record(BaseModel):
    """What a collection holds. Changed in place, then `put` again: only `put` writes."""

    model_config = ConfigDict(extra="forbid")


R = TypeVar("R", bound=Record)


class Journal:
    """The table on disk. `synchronous=OFF` survives a killed process, which is all that a sandbox promises."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS documents (collection TEXT, part TEXT, key TEXT, body TEXT NOT NULL,"
            " PRIMARY KEY (collection, part, key))"
        )

    def rows(self, collection: str) -> list[tuple[str, str, str]]:
        """All rows of a collection in the order of their first writing."""
        query = "SELECT part, key, body FROM documents WHERE collection = ? ORDER BY rowid"
        return self._db.execute(query, (collection,)).fetchall()

    def write(self, collection: str, rows: list[tuple[str, str, str]]) -> None:
        statement = (
            "INSERT INTO documents (collection, part, key, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (collection, part, key) DO UPDATE SET body = excluded.body"
        )
        self._db.execute("BEGIN")
        self._db.executemany(statement, [(collection, *row) for row in rows])
        self._db.execute("COMMIT")

    def remove(self, collection: str, part: str, key: str | None = None) -> None:
        query = "DELETE FROM documents WHERE collection = ? AND part = ?"
        if key is None:
            self._db.execute(query, (collection, part))
        else:
            self._db.execute(f"{query} AND key = ?", (collection, part, key))

    def close(self) -> None:
        self._db.close()


class Collection(Generic[R]):
    """Records of one kind, in parts (an account's, as a rule), in the order of their first writing."""

    def __init__(
        self, name: str, kind: type[R], journal: Journal | None, changed: Callable[[], None] = lambda: None
    ) -> None:
        self._name = name
        self._journal = journal
        self._changed = changed
        self._parts: dict[str, dict[str, R]] = {}
        for part, key, body in journal.rows(name) if journal else ():
            try:
                self._parts.setdefault(part, {})[key] = kind.model_validate_json(body)
            except ValueError:
                # Written by another version of the sandbox; what it means here is anybody's guess.
                log.warning("%s %s %s is unreadable and left out", name, part, key)

    def get(self, part: str, key: str) -> R | None:
        return self._parts.get(part, {}).get(key)

    def all(self, part: str) -> list[R]:
        return list(self._parts.get(part, {}).values())

    def every(self) -> list[R]:
        return [record for part in self._parts.values() for record in part.values()]

    def count(self, part: str) -> int:
        return len(self._parts.get(part, {}))

    def put(self, part: str, key: str, record: R) -> R:
        self.put_many(part, {key: record})
        return record

    def put_many(self, part: str, records: dict[str, R]) -> None:
        self._parts.setdefault(part, {}).update(records)
        if self._journal:
            rows = [(part, key, record.model_dump_json()) for key, record in records.items()]
            self._journal.write(self._name, rows)
        self._changed()

    def delete(self, part: str, key: str) -> R | None:
        gone = self._parts.get(part, {}).pop(key, None)
        if gone is not None and self._journal:
            self._journal.remove(self._name, part, key)
        self._changed()
        return gone

    def clear(self, part: str) -> None:
        if self._parts.pop(part, None) is not None and self._journal:
            self._journal.remove(self._name, part)

    def parts(self) -> list[str]:
        return list(self._parts)

    def trim(self, part: str, keep: int) -> None:
        """Drop the oldest records beyond `keep`, a tenth at a time: logs must not grow without end."""
        keys = self._parts.get(part, {})
        if len(keys) <= keep + keep // 10:
            return
        for key in list(keys)[: len(keys) - keep]:
            self.delete(part, key)
