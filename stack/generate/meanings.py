"""What fields mean: the words below a field in its model, else those of `contracts.words`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import contracts
from contracts.words import meaning


def describe(schema: dict[str, Any]) -> None:
    """Give every field of the schema, and of those below it, its meaning."""
    for shape in (schema, *schema.get("$defs", {}).values()):
        for field, value in shape.get("properties", {}).items():
            value.pop("title", None)
            said = of_field(shape.get("title", ""), field)
            if said:
                value["description"] = said


def of_field(model: str, field: str) -> str | None:
    """The meaning of a model's field; None: nobody said."""
    return said_below().get((model, field)) or meaning(field)


@cache
def said_below() -> Mapping[tuple[str, str], str]:
    """The strings below the fields of the contracts, by model and field."""
    folder = Path(contracts.__file__ or "").parent
    return {key: text for path in sorted(folder.rglob("*.py")) for key, text in _in_module(path)}


def _in_module(path: Path) -> Iterator[tuple[tuple[str, str], str]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            for field, below in zip(node.body, node.body[1:], strict=False):
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    text = _text(below)
                    if text:
                        yield (node.name, field.target.id), text


def _text(node: ast.stmt) -> str | None:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return None
