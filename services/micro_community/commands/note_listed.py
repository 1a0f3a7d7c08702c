"""A member has been shown notifications in the list: nobody need tell them outside of the page."""

from __future__ import annotations

from dataclasses import dataclass

from services.micro_community.ports import Notifications


@dataclass(frozen=True)
class NoteListed:
    member_id: str
    notification_ids: tuple[str, ...]


async def note_listed(command: NoteListed, *, notifications: Notifications) -> None:
    """They stay unread until they are opened. Doing it twice is doing it once."""
    await notifications.listed(command.member_id, command.notification_ids)
