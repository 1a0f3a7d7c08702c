"""`guanwei audit`: read the audit chain, and recompute it, without a service that answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from kit.mongo import Database
from kit.web import Page, read_cursor
from services.review.domain.people import tidy_path
from services.review.queries import list_audit, verify_audit
from services.review.schemas import AuditEntry, AuditVerification
from stack.operations import access
from stack.operations.running import run

SERVICE = "review"
MOST_AT_ONCE = 100


def listing(unit: str, case_id: str | None, limit: int, as_json: bool) -> int:
    return run(_list(unit, case_id, limit, as_json))


def verify(as_json: bool) -> int:
    return run(_verify(as_json))


async def _list(unit: str, case_id: str | None, limit: int, as_json: bool) -> int:
    _require_ours()
    async with access.database(SERVICE) as database:
        entries = [entry async for entry in _newest(database, unit, case_id, limit)]
    if as_json:
        print(json.dumps([entry.model_dump() for entry in entries], ensure_ascii=False))
        return 0
    for entry in entries:
        print(_line(entry))
    print(f"{len(entries)} entries")
    return 0


async def _newest(database: Database, unit: str, case_id: str | None, limit: int) -> AsyncIterator[AuditEntry]:
    left, after = limit, None
    while left > 0:
        page = await list_audit(database, (tidy_path(unit),), case_id, Page(after, min(left, MOST_AT_ONCE)))
        for entry in page.items:
            yield entry
        if page.next_cursor is None:
            return
        left, after = left - len(page.items), read_cursor(page.next_cursor)


def _line(entry: AuditEntry) -> str:
    """An entry that somebody tampered with may lack anything, and is shown all the same."""
    at, kind, case_id, path = (str(entry.entry.get(name, "?")) for name in ("at", "kind", "case_id", "unit_path"))
    by = entry.actor_name or entry.entry.get("actor_id") or "-"
    return f"{entry.sequence:>8}  {at}  {kind:<16} {case_id}  {path}  {by}"


async def _verify(as_json: bool) -> int:
    """Exit code 1 when the chain is broken: a watcher needs nothing else."""
    _require_ours()
    async with access.database(SERVICE) as database:
        found = await verify_audit(database)
    print(found.model_dump_json() if as_json else _said(found))
    return 0 if found.holds else 1


def _said(found: AuditVerification) -> str:
    if found.holds:
        return f"the chain holds: {found.entries} entries, head {found.head}"
    return f"the chain is broken at {found.broken_at}: {found.fault}; {found.entries} entries before it are good"


def _require_ours() -> None:
    """In another service's environment there is no chain to see, and an empty one would be called whole."""
    if SERVICE not in access.chosen(None):
        raise access.NothingToWorkOn(f"the audit chain is {SERVICE}'s, and this environment is another service's")
