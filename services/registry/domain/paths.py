"""Paths of the organisation tree: `/lanli/medical` lies below `/lanli`; `/` stands above every group."""

from __future__ import annotations

EVERYTHING = "/"
MOST_LEVELS = 6
PATTERN = r"^(/[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?){1,6}$"
PATTERN_OR_EVERYTHING = r"^(/|(/[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?){1,6})$"


def root_of(path: str) -> str:
    """The group that the path belongs to."""
    return "/" + path.split("/")[1]


def parent_of(path: str) -> str:
    """The path one level up; `/` above a group."""
    return path.rpartition("/")[0] or EVERYTHING


def covers(above: str, path: str) -> bool:
    """True if the path is `above` or lies below it."""
    return path == above or path.startswith(above.rstrip("/") + "/")


def line_of(path: str) -> tuple[str, ...]:
    """The path and all above it, the nearest first, `/` last."""
    line = [path]
    while line[-1] != EVERYTHING:
        line.append(parent_of(line[-1]))
    return tuple(line)
