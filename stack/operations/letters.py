"""`guanwei dead-letters`: look at events that could not be handled, ask for a replay, or give them up."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

from kit import dead_letters
from kit.clock import SystemClock
from kit.mongo import Database
from kit.transaction import Store
from stack.operations import access
from stack.operations.running import run

_TRANSACTION_SECONDS = 8.0


def listing(service: str | None, state: str | None, as_json: bool) -> int:
    return run(_list(service, state, as_json))


def show(service: str, letter_id: str) -> int:
    return run(_on(service, lambda store: _show(store.database, letter_id)))


def replay(service: str, letter_id: str) -> int:
    return run(_on(service, lambda store: dead_letters.request_replay(store.database, letter_id)))


def drop(service: str, letter_id: str, why: str) -> int:
    return run(_on(service, lambda store: dead_letters.drop(store, letter_id, why=why)))


async def _list(service: str | None, state: str | None, as_json: bool) -> int:
    rows: list[dict[str, Any]] = []
    for name in access.chosen(service):
        async with _store(name) as store:
            letters = await dead_letters.listing(store.database, state=state)
        rows += [{"service": name, "letter_id": letter.pop("_id"), **letter} for letter in letters]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, default=_plain))
        return 0
    for row in rows:
        print(f"{row['at']:%Y-%m-%d %H:%M:%S}  {row['service']:<15} {row['state']:<16} {row['letter_id']}")
        print(f"    {row['type'] or 'no event'} {row['aggregate'] or ''}  {row['reason']}: {row['error'][:200]}")
    print(f"{len(rows)} dead letters")
    return 0


async def _show(database: Database, letter_id: str) -> None:
    letter = await dead_letters.show(database, letter_id)
    print(json.dumps(letter, ensure_ascii=False, indent=2, default=_plain))


async def _on(service: str, work: Callable[[Store], Awaitable[None]]) -> int:
    (name,) = access.chosen(service)
    async with _store(name) as store:
        await work(store)
    return 0


@contextlib.asynccontextmanager
async def _store(service: str) -> AsyncIterator[Store]:
    async with access.database(service) as database:
        yield Store(database.client, database, SystemClock(), service, _TRANSACTION_SECONDS)


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
