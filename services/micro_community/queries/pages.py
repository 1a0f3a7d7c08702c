"""Keyset paging: a page starts behind a position, never after a number of rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kit.mongo import Document
from kit.web import CursorInvalid, Page, write_cursor


def behind(page: Page, *, newest_first: bool = True, key: str = "created_at") -> Document:
    """The filter for rows behind the page's position in the order (`key`, `_id`).

    Raises:
        CursorInvalid
    """
    if page.after is None:
        return {}
    value, row_id = position(page, int if key in ("heat", "posts") else datetime)
    beyond = "$lt" if newest_first else "$gt"
    return {key: {f"{beyond}e": value}, "$or": [{key: {beyond: value}}, {"_id": {beyond: row_id}}]}


def position(page: Page, kind: type = datetime) -> tuple[Any, str]:
    """Raises:
    CursorInvalid
    """
    match page.after:
        case (value, str(row_id)) if isinstance(value, kind) and _fits(value) and row_id.isascii():
            return value, row_id
        case _:
            raise CursorInvalid


def _fits(value: Any) -> bool:
    """What MongoDB can hold: a forged cursor is a bad request, not a fault."""
    if isinstance(value, datetime):
        return 1970 <= value.year < 9999
    return bool(-(2**63) <= value < 2**63)


def cut(rows: list[Document], limit: int, key: str = "created_at") -> tuple[list[Document], str | None]:
    """One row more than the page was read: is there a next page, and where does it start?"""
    shown = rows[:limit]
    more: Any = shown[-1] if len(rows) > limit else None
    return shown, write_cursor(more[key], more["_id"]) if more else None
