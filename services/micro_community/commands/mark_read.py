"""A member has seen notifications."""

from __future__ import annotations

from dataclasses import dataclass

from services.micro_community.ports import Live, Notifications, Which


@dataclass(frozen=True)
class MarkRead:
    """Which: those up to a position, one, those about a post; nothing named: all."""

    account_id: str
    member_id: str
    up_to: int | None = None
    notification_id: str | None = None
    post_id: str | None = None


async def mark_read(command: MarkRead, *, notifications: Notifications, live: Live) -> None:
    """Doing it twice is doing it once. Other pages of the member that are open count anew.

    Raises:
        NotFound
    """
    if command.notification_id is not None:
        await notifications.require(command.member_id, command.notification_id)
    account_id, member_id = command.account_id, command.member_id
    which = Which(command.up_to, command.notification_id, command.post_id)
    if await notifications.read(account_id, member_id, which):
        await live.read(account_id, member_id)
