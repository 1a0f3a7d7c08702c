"""Dataclass ↔ document: the same names, the id as `_id`."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from kit.mongo import Document

T = TypeVar("T")


_NAMES: dict[type[Any], tuple[str, ...]] = {}
"""Of the fields of a dataclass; every document that is read or written asks for them."""


def _names(kind: type[Any]) -> tuple[str, ...]:
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(kind))
    return _NAMES[kind]


def to_document(value: Any, key: str) -> Document:
    """Shallow: nested values are the caller's affair."""
    document = {name: getattr(value, name) for name in _names(type(value))}
    return {"_id": document.pop(key)} | document


def read(kind: type[T], document: Document, key: str, **nested: Any) -> T:
    """What the document does not have keeps its default."""
    values: dict[str, Any] = {name: document[name] for name in _names(kind) if name in document}
    values |= {name: tuple(value) for name, value in values.items() if type(value) is list}
    values |= nested
    values[key] = document["_id"]
    return kind(**values)
