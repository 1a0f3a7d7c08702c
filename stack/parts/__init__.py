"""The parts of the whole system, each described once."""

from __future__ import annotations

from stack.layout import Layout
from stack.parts.edge import edge, h5
from stack.parts.local import tracing, wechat
from stack.parts.servers import mongod, nats, streams
from stack.parts.services import services
from stack.supervisor import Part

__all__ = ["all_parts", "selected"]


def all_parts(layout: Layout) -> list[Part]:
    """Every part of a complete stack."""
    parts = [mongod(layout), nats(layout), streams(layout), wechat(layout), *services(layout), h5(), edge(layout)]
    return parts if layout.outside_telemetry else [*parts, tracing(layout)]


def selected(parts: list[Part], names: tuple[str, ...]) -> list[Part]:
    """The parts of these names and all that they need; every part when no name is given."""
    if not names:
        return parts
    by_name = {part.name: part for part in parts}
    unknown = sorted(set(names) - set(by_name))
    if unknown:
        raise ValueError(f"there is no part {', '.join(unknown)}; there are {', '.join(by_name)}")
    wanted: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            pending += by_name[name].needs
    return [part for part in parts if part.name in wanted]
