"""An official account, as far as publisher needs it: its credentials, and whether it is in service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from contracts.permit import digest_of
from contracts.registry import AccountKind
from kit.refusal import Refusal

StepName = Literal["unseal", "token", "callback", "menu"]
ConnectionState = Literal["registered", "connecting", "awaiting_callback", "connected", "failed"]
LONGEST_RETRY = timedelta(hours=1)


class AccountNotConnected(Refusal):
    """It was not taken into service, so nothing can be sent with it."""

    code = "publisher.account_not_connected"
    text = "该公众号尚未接入，请联系公众号管理员完成凭据录入和回调配置。"


@dataclass(frozen=True)
class SealedCredentials:
    """What the custodian entrusted, still sealed. `number` counts up with each entrustment."""

    number: int
    app_id: str
    key_id: str
    sealed: str
    entrusted_at: datetime


@dataclass(frozen=True)
class Failure:
    """Why the account is not in service."""

    step: StepName
    code: str
    detail: str
    at: datetime


@dataclass
class OfficialAccount:
    """An account of the ledger. In service once token, callback and menu held with the newest credentials."""

    account_id: str
    name: str
    unit_path: str
    kind: AccountKind
    verified: bool
    is_group_account: bool
    original_id: str
    registered_at: datetime
    credentials: SealedCredentials | None = None
    previous: SealedCredentials | None = None
    callback_since: int = 1
    """Number of the first credentials that had today's token and key: a callback signed with any since then counts."""
    token_held_at: datetime | None = None
    callback_seen_at: datetime | None = None
    menu_read_at: datetime | None = None
    menu: dict[str, Any] | None = None
    menu_digest: str | None = None
    connected_at: datetime | None = None
    failure: Failure | None = None
    attempts: int = 0
    check_at: datetime | None = None
    """When the connection is to be looked at again; None: not before something happens."""
    version: int = 0

    @property
    def connection(self) -> ConnectionState:
        if self.credentials is None:
            return "registered"
        if self.connected_at is not None:
            return "connected"
        if self.failure is not None:
            return "failed"
        return "awaiting_callback" if self.menu_read_at is not None else "connecting"

    def require_connected(self) -> None:
        if self.connected_at is None:
            raise AccountNotConnected(connection=self.connection)

    def entrust(self, sealed: SealedCredentials, *, same_callback: bool) -> None:
        """Take new credentials. With `same_callback` their token and key are the old ones: no new handshake comes."""
        self.previous, self.credentials = self.credentials, sealed
        self.token_held_at = self.menu_read_at = self.connected_at = self.failure = None
        if not same_callback:
            self.callback_seen_at, self.callback_since = None, sealed.number
        self.attempts, self.check_at = 0, sealed.entrusted_at

    def checked(self, number: int, menu: dict[str, Any] | None, now: datetime, patience: timedelta) -> bool:
        """Token and menu held with these credentials. True: the account is in service from now on."""
        if self.credentials is None or self.credentials.number != number or self.connected_at is not None:
            return False
        self.token_held_at = self.menu_read_at = now
        self.menu, self.menu_digest = menu, digest_of(menu) if menu is not None else None
        self.failure, self.attempts, self.check_at = None, 0, now + patience
        return self._complete(now)

    def callback_seen(self, number: int, now: datetime) -> bool:
        """WeChat reached us with a signature of these credentials. True: the account is in service from now on.

        They may be older than the newest: those were entrusted while the callback was being verified, and WeChat does
        not repeat a handshake that was answered.
        """
        if self.credentials is None or not self.callback_since <= number <= self.credentials.number:
            return False
        if self.callback_seen_at is not None:
            return False
        self.callback_seen_at = now
        if self.failure is not None and self.failure.step == "callback":
            self.failure = None
        return self._complete(now)

    def failed(self, number: int, failure: Failure, retry: timedelta) -> bool:
        """A step did not hold. True: that is news, not the same as the last time."""
        if self.credentials is None or self.credentials.number != number or self.connected_at is not None:
            return False
        before, self.failure = self.failure, failure
        self.check_at = failure.at + min(retry * 2**self.attempts, LONGEST_RETRY)
        self.attempts += 1
        if failure.step == "callback":
            self.check_at = None
        return before is None or (before.step, before.code) != (failure.step, failure.code)

    def _complete(self, now: datetime) -> bool:
        if None in (self.token_held_at, self.callback_seen_at, self.menu_read_at):
            return False
        self.connected_at, self.check_at, self.failure = now, None, None
        return True
