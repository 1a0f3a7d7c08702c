"""A member has read a post up to a floor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.micro_community.ports import Notes


@dataclass(frozen=True)
class NoteReading:
    account_id: str
    member_id: str
    post_id: str
    floor: int


async def note_reading(command: NoteReading, *, notes: Notes, now: datetime) -> None:
    """Only ever forward."""
    await notes.have_read(command.account_id, command.member_id, command.post_id, command.floor, now)
