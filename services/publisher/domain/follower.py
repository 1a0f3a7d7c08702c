"""Followers of an account, as the platform's callbacks tell of them: who follows, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Follower:
    """Somebody who follows an account, or did."""

    follower_id: str
    account_id: str
    openid: str
    following: bool = False
    changed_at: datetime | None = None
    version: int = 0

    def change(self, following: bool, at: datetime) -> bool:
        """Note a follow or unfollow at the platform's time. False: something later is known already.

        A callback that was tried again may come after the next one. Both of one second are taken as they come.
        """
        if self.changed_at is not None and at < self.changed_at:
            return False
        if self.changed_at is not None and following == self.following:
            return False
        self.following, self.changed_at = following, at
        return True


def follower_id_of(account_id: str, openid: str) -> str:
    """The id that events carry."""
    return f"{account_id}:{openid}"
