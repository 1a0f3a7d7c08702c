"""Whether a schema only grew: whoever reads the events of yesterday, or runs yesterday's code, must go on reading."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_ONLY_WORDS = ("title", "description", "default", "examples")


def taken_back(name: str, before: str, after: str | None) -> list[str]:
    """What the schema `after` lacks or changes of the one `before`, a line each; `after` None: it is gone."""
    if after is None:
        return [f"{name}: published before, and nothing declares it any more"]
    old, new = json.loads(before), json.loads(after)
    faults = list(_faults(_inlined(old, old), _inlined(new, new), ""))
    for wire in ("CloudEvent", "Answer"):
        ways = (document.get("$defs", {}).get(wire, {}) for document in (old, new))
        before, now = (_inlined(way, document) for way, document in zip(ways, (old, new), strict=True))
        faults += _faults(before, now, wire)
    return [f"{name}: {fault}" for fault in faults]


def _faults(old: Any, new: Any, where: str) -> Iterator[str]:
    place = where or "the whole"
    if not isinstance(old, dict) or not isinstance(new, dict):
        if old != new:
            yield f"{place} changed from {_short(old)} to {_short(new)}"
        return
    yield from _fields(old, new, where)
    yield from _values(old, new, place)
    skipped = {"properties", "required", "enum"}
    for key in sorted((old.keys() | new.keys()) - skipped):
        if key not in old or key not in new:
            yield f"{place}: {key} {'is new' if key in new else 'is gone'}"
        elif key in ("anyOf", "allOf", "prefixItems"):
            yield from _alternatives(old[key], new[key], place)
        else:
            yield from _faults(old[key], new[key], f"{where}[]" if key == "items" else where)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> Iterator[str]:
    before, now = old.get("properties", {}), new.get("properties", {})
    needed_before, needed_now = set(old.get("required", ())), set(new.get("required", ()))
    for field in sorted(before):
        path = f"{where}.{field}".lstrip(".")
        if field not in now:
            yield f"{path} is gone"
            continue
        yield from _faults(before[field], now[field], path)
        if (field in needed_before) != (field in needed_now):
            yield f"{path} {'was always there and may now be missing' if field in needed_before else 'is now required'}"
    for field in sorted(needed_now - before.keys()):
        yield f"{f'{where}.{field}'.lstrip('.')} is new and required: what was published before does not have it"


def _values(old: Mapping[str, Any], new: Mapping[str, Any], place: str) -> Iterator[str]:
    if "enum" not in old and "enum" not in new:
        return
    if "enum" not in old or "enum" not in new:
        yield f"{place}: the list of values {'is new' if 'enum' in new else 'is gone'}"
        return
    lost = [value for value in old["enum"] if value not in new["enum"]]
    if lost:
        yield f"{place}: {_short(lost)} may no longer be read"


def _alternatives(old: list[Any], new: list[Any], place: str) -> Iterator[str]:
    if len(old) != len(new):
        yield f"{place} changed from {_short(old)} to {_short(new)}"
        return
    for before, now in zip(old, new, strict=True):
        yield from _faults(before, now, place)


def _inlined(node: Any, document: Mapping[str, Any]) -> Any:
    """The node without words and with references followed; a reference to the root stays one."""
    if isinstance(node, list):
        return [_inlined(inner, document) for inner in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref", "")
    if reference.startswith("#/$defs/"):
        return _inlined(document["$defs"][reference.removeprefix("#/$defs/")], document)
    shape = {key: value for key, value in node.items() if key not in (*_ONLY_WORDS, "$defs")}
    if "properties" in shape:
        shape["properties"] = {name: _inlined(inner, document) for name, inner in shape["properties"].items()}
    if "const" in shape:
        shape["enum"] = [shape.pop("const")]
    return {key: value if key in ("properties", "enum") else _inlined(value, document) for key, value in shape.items()}


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)[:120]
