"""What open pages are told, as server-sent events."""

from __future__ import annotations

import json
from typing import Any, Literal, TypeAlias

Row: TypeAlias = dict[str, Any]
Form: TypeAlias = Literal["full", "unquoted", "brief", "counted"]
BRIEF = ("post_id", "reply_id", "root_id", "author_id", "board_id")
COUNTED = ("post_id", "reply_id", "root_id", "floor")


def written(row: Row, form: Form) -> bytes:
    """A row as a server-sent event; JSON has no line ends of its own, so text cannot break out of it."""
    content = row["content"]
    if form == "counted":
        return event("reply.counted", {name: content.get(name) for name in COUNTED}, seq=row["seq"])
    if form == "brief":
        content = {name: content[name] for name in BRIEF if name in content}
    elif form == "unquoted":
        content = content | {"quoted": None}
    return event(row["kind"], content, seq=row["seq"])


def event(kind: str, content: dict[str, Any], *, seq: int) -> bytes:
    """One server-sent event; its id is the position to continue from."""
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"id: {seq}\nevent: {kind}\ndata: {data}\n\n".encode()
