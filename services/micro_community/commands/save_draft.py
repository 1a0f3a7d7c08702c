"""A member keeps a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.micro_community.ports import Notes


@dataclass(frozen=True)
class SaveDraft:
    """`slot`: `post` for a new post (of several, `post-` and more), or the id of the post that is being replied to, or
    `edit-` and the id of one that is being changed."""

    account_id: str
    member_id: str
    slot: str
    content: dict[str, Any]


async def save_draft(command: SaveDraft, *, notes: Notes, now: datetime) -> None:
    """The last one of a slot stays.

    Raises:
        TooManyDrafts
    """
    await notes.put_draft(command.account_id, command.member_id, command.slot, command.content, now)
