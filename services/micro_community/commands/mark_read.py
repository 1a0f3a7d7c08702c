"""A member has seen notifications."""

from __future__ import annotations

from dataclasses import dataclass

from services.micro_community.ports import Notifications


@dataclass(frozen=True)
class MarkRead:
    account_id: str
    member_id: str
    up_to: int | None


async def mark_read(command: MarkRead, *, notifications: Notifications) -> None:
    """Doing it twice is doing it once."""
    await notifications.read(command.account_id, command.member_id, command.up_to)
