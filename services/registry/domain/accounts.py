"""The ledger's entry for one official account, from its registration on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from kit.refusal import Refusal
from services.registry.domain.words import AccountKind, Stamp

AccountState: TypeAlias = Literal["registered", "entrusted", "in_service", "connection_failed"]


class OriginalIdTaken(Refusal):
    """The account with that original id stands in the ledger."""

    code = "registry.original_id_taken"
    clause = "§4.1"
    text = "台账中已有使用该原始 ID 的账号，请核对后再登记。"


class AppIdTaken(Refusal):
    """The credentials belong to another account of the ledger."""

    code = "registry.app_id_taken"
    clause = "§6.2"
    text = "该 AppID 已登记在另一个账号名下，请核对后再录入。"


class AccountUnknown(LookupError):
    """An event speaks of an account that the ledger does not have: a fault, not a refusal."""


@dataclass(frozen=True)
class Custody:
    """Who entrusted which credentials, sealed to which key. The sealed box itself is kept apart."""

    app_id: str
    key_id: str
    entrusted_by: str
    entrusted_at: datetime


@dataclass(frozen=True)
class Connection:
    """Publisher has the account in service. The menu found at that moment is the baseline (§4.7)."""

    app_id: str
    connected_at: datetime
    menu_digest: str | None
    menu: dict[str, Any] | None


@dataclass(frozen=True)
class ConnectionFailure:
    """Why publisher could not take the account into service."""

    step: str
    code: str
    detail: str
    noted_at: datetime


@dataclass(frozen=True)
class Activity:
    """The last issue that reached the followers."""

    last_active_at: datetime
    last_mass_send_id: str
    last_titles: tuple[str, ...]
    mass_sends: int


@dataclass(frozen=True)
class AccountDetails:
    """What is known of an account when it is registered."""

    unit_id: str
    unit_path: str
    name: str
    kind: AccountKind
    verified: bool
    intro: str
    original_id: str
    is_group_account: bool


@dataclass
class OfficialAccount:
    """One official account of the group."""

    account_id: str
    details: AccountDetails
    state: AccountState
    filing_number: str
    application_id: str | None
    registered_by: str
    registered_at: datetime
    custody: Custody | None = None
    connection: Connection | None = None
    failure: ConnectionFailure | None = None
    activity: Activity | None = None
    version: int = 0

    @property
    def active_since(self) -> datetime:
        """When it was last heard of: the last issue, or else its registration."""
        return self.activity.last_active_at if self.activity else self.registered_at

    def entrust(self, app_id: str, key_id: str, stamp: Stamp) -> None:
        """New credentials were handed over; until publisher has tried them, nothing is known of them."""
        self.custody = Custody(app_id, key_id, stamp.by, stamp.at)
        self.failure = None
        self.state = "entrusted"

    def connected(self, connection: Connection) -> bool:
        """Publisher took the account into service. False: it speaks of credentials that were replaced since."""
        if self.custody is None or self.custody.app_id != connection.app_id:
            return False
        self.connection = connection
        self.failure = None
        self.state = "in_service"
        return True

    def connection_failed(self, failure: ConnectionFailure) -> None:
        """Publisher tried and failed; the last baseline stays known."""
        self.failure = failure
        self.state = "connection_failed"

    def active(self, mass_send_id: str, titles: tuple[str, ...], sent_at: datetime) -> None:
        """An issue reached the followers. An older one that is told of late only counts."""
        before = self.activity
        count = (before.mass_sends if before else 0) + 1
        if before is None or sent_at >= before.last_active_at:
            self.activity = Activity(sent_at, mass_send_id, titles, count)
        else:
            self.activity = Activity(before.last_active_at, before.last_mass_send_id, before.last_titles, count)
