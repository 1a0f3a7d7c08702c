"""`guanwei migrate`: make the collections and indexes that a service needs, before its new version starts."""

from __future__ import annotations

from importlib import import_module

from kit.mongo import ensure_indexes, missing_indexes
from kit.process import KIT_INDEXES
from kit.service import Service
from stack.operations import access
from stack.operations.running import run as as_exit_code


def run(service: str | None) -> int:
    """Nothing that exists is changed; an index of the same name that differs is an error."""
    return as_exit_code(_migrate(service))


async def _migrate(service: str | None) -> int:
    for name in access.chosen(service):
        described: Service = import_module(f"services.{name}.app").SERVICE
        indexes = {**KIT_INDEXES, **described.indexes}
        async with access.database(name) as database:
            missing = await missing_indexes(database, indexes)
            await ensure_indexes(database, indexes)
        print(f"{name}: made {', '.join(missing)}" if missing else f"{name}: nothing to do")
    return 0
