"""Keyset pages: a page begins after the last position of the one before, whatever was added meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from kit.mongo import Collection, Document
from kit.web import CursorInvalid, Page, write_cursor
from services.registry.domain.paths import EVERYTHING, covers
from services.registry.schemas.responses import Listing

V = TypeVar("V")
LARGEST_INTEGER = 2**63 - 1


@dataclass(frozen=True)
class Order:
    """The sort keys (fields that together are unique), all in one direction; `kinds` are the types of their values."""

    keys: tuple[str, ...]
    kinds: tuple[type[str] | type[int], ...]
    newest_first: bool = True


BY_ID = Order(("_id",), (str,))


async def list_page(
    collection: Collection, query: Document, page: Page, order: Order, view: Callable[[Document], V]
) -> Listing[V]:
    """One page of what the query finds.

    Raises:
        CursorInvalid: the cursor is of another list.
    """
    conditions = [condition for condition in (query, _after(page, order)) if condition]
    direction = -1 if order.newest_first else 1
    cursor = collection.find({"$and": conditions} if conditions else {})
    rows = await cursor.sort([(key, direction) for key in order.keys]).to_list(page.limit + 1)
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    next_cursor = write_cursor(*(_value(shown[-1], key) for key in order.keys)) if more else None
    return Listing(items=tuple(view(row) for row in shown), next_cursor=next_cursor)


def within(paths: Sequence[str], field: str) -> Document:
    """What lies at one of the paths or below. No paths: nothing."""
    if EVERYTHING in paths:
        return {}
    ranges: list[Document] = []
    for path in paths:
        # '0' is the character after '/': the range holds what begins with the path and a slash.
        ranges += [{field: path}, {field: {"$gt": f"{path}/", "$lt": f"{path}0"}}]
    return {"$or": ranges} if ranges else {"_id": {"$in": []}}


def narrowed(paths: Sequence[str], wish: str | None) -> tuple[str, ...]:
    """The part of the paths that lies at or below the wish."""
    if wish is None:
        return tuple(paths)
    if any(covers(path, wish) for path in paths):
        return (wish,)
    return tuple(path for path in paths if covers(wish, path))


def _after(page: Page, order: Order) -> Document:
    if page.after is None:
        return {}
    position = page.after
    if len(position) != len(order.keys):
        raise CursorInvalid
    for value, kind in zip(position, order.kinds, strict=True):
        if not isinstance(value, kind) or (isinstance(value, int) and not 0 <= value <= LARGEST_INTEGER):
            raise CursorInvalid
    past = "$lt" if order.newest_first else "$gt"
    steps: list[Document] = []
    for place, key in enumerate(order.keys):
        equal = dict(zip(order.keys[:place], position[:place], strict=True))
        steps.append(equal | {key: {past: position[place]}})
    return {"$or": steps}


def _value(row: Document, key: str) -> Any:
    found: Any = row
    for part in key.split("."):
        found = found[part]
    return found
