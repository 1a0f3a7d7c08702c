"""Repost mandates: news of the group that every unit's account must carry on (§5.3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.refusal import Refusal


class State(StrEnum):
    """BREACHED can still be fulfilled, late."""

    OPEN = "open"
    BREACHED = "breached"
    FULFILLED = "fulfilled"


class MandateForeign(Refusal):
    """There is no such mandate for this account."""

    code = "publisher.mandate_foreign"
    status = 422
    clause = "§5.3.1"
    text = "该转发任务不属于这个公众号。"


class MandateFulfilled(Refusal):
    """It was fulfilled before."""

    code = "publisher.mandate_fulfilled"
    clause = "§5.3.1"
    text = "该转发任务已经完成，无需再次转发。"


@dataclass
class Mandate:
    """What one account owes."""

    mandate_id: str
    account_id: str
    account_name: str
    unit_path: str
    source_mass_send_id: str
    source_issue_id: str
    source_titles: tuple[str, ...]
    source_urls: tuple[str, ...]
    raised_at: datetime
    due_at: datetime
    provisional: bool
    state: State = State.OPEN
    fulfilled_at: datetime | None = None
    mass_send_id: str | None = None
    urls: tuple[str, ...] = ()
    on_time: bool | None = None
    breached_at: datetime | None = None
    version: int = 0

    def require_for(self, account_id: str) -> None:
        """Raise unless an issue of that account can fulfil it."""
        if self.account_id != account_id:
            raise MandateForeign
        if self.state is State.FULFILLED:
            raise MandateFulfilled

    def fulfil(self, mass_send_id: str, urls: tuple[str, ...], now: datetime) -> bool:
        """The account reposted. False: it had done so before."""
        if self.state is State.FULFILLED:
            return False
        self.state, self.fulfilled_at, self.mass_send_id, self.urls = State.FULFILLED, now, mass_send_id, urls
        self.on_time = now <= self.due_at
        return True

    def breach(self, now: datetime) -> bool:
        """The due time passed. False: it did not, or the mandate is not open."""
        if self.state is not State.OPEN or now <= self.due_at:
            return False
        self.state, self.breached_at = State.BREACHED, now
        return True
