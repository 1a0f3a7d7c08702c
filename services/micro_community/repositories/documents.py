"""Dataclass ↔ document: the same names, the id as `_id`."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from kit.mongo import Document

T = TypeVar("T")


def to_document(value: Any, key: str) -> Document:
    """Shallow: nested values are the caller's affair."""
    document = {field.name: getattr(value, field.name) for field in fields(value)}
    return {"_id": document.pop(key)} | document


def read(kind: type[T], document: Document, key: str, **nested: Any) -> T:
    """What the document does not have keeps its default."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    values = {name: value for name, value in document.items() if name in known}
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return kind(**(values | {key: document["_id"]} | nested))
