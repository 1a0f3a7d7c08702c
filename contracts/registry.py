"""Facts that registry 登记备案 publishes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Event

AccountKind = Literal["subscription", "service"]
Role = Literal["communications", "head", "operator", "custodian", "auditor", "engineer"]
UnitKind = Literal["group", "business_unit", "department"]


class UnitEstablished(Event, subject="registry.unit.established.v1", key="unit_id"):
    """A unit entered the organisation tree. `path` is like `/hengyuan/medical`; the group's own is its root."""

    unit_id: str
    path: str
    name: str
    kind: UnitKind
    """What the unit is in the group."""
    standard_name: str
    standard_intro: str


class PersonRegistered(Event, subject="registry.person.registered.v1", key="person_id"):
    """Somebody may sign in."""

    person_id: str
    login: str
    display_name: str
    unit_path: str


class RoleGranted(Event, subject="registry.person.role_granted.v1", key="person_id"):
    """The person holds the role for the unit at `path` and everything below it."""

    person_id: str
    display_name: str
    role: Role
    path: str


class RoleRevoked(Event, subject="registry.person.role_revoked.v1", key="person_id"):
    """The person no longer holds the role at that path."""

    person_id: str
    role: Role
    path: str


class OpeningApplicationSubmitted(Event, subject="registry.opening_application.submitted.v1", key="application_id"):
    """A unit asked to open an official account (§4.2)."""

    application_id: str
    unit_path: str
    account_name: str
    account_kind: AccountKind
    submitted_by: str


class OpeningApplicationReturned(Event, subject="registry.opening_application.returned.v1", key="application_id"):
    """The communications office asked for changes (§4.2: feedback)."""

    application_id: str
    unit_path: str
    feedback: str
    returned_by: str


class OpeningApplicationApproved(Event, subject="registry.opening_application.approved.v1", key="application_id"):
    """The communications office agreed; the account may be registered."""

    application_id: str
    unit_path: str
    approved_by: str


class OpeningApplicationRejected(Event, subject="registry.opening_application.rejected.v1", key="application_id"):
    """The communications office refused."""

    application_id: str
    unit_path: str
    reason: str
    rejected_by: str


class OfficialAccountRegistered(Event, subject="registry.official_account.registered.v1", key="account_id"):
    """An account stands in the ledger and its filing has a number (§4.1)."""

    account_id: str
    unit_id: str
    unit_path: str
    name: str
    kind: AccountKind
    """`subscription` 订阅号 or `service` 服务号."""
    verified: bool
    is_group_account: bool
    intro: str
    original_id: str
    """WeChat's `gh_…` id."""
    filing_number: str
    registered_at: datetime


class CredentialsEntrusted(Event, subject="registry.official_account.credentials_entrusted.v1", key="account_id"):
    """The custodian entered the credentials; only publisher can open the seal (§6.2).

    `sealed` is the base64 of a libsodium sealed box to publisher's key `key_id`; inside is the JSON of
    `WeChatCredentials`.
    """

    account_id: str
    app_id: str
    key_id: str
    sealed: str
    """Base64; only publisher can open it."""
    entrusted_by: str


class WeChatCredentials(BaseModel):
    """What the sealed box of `CredentialsEntrusted` holds. Never logged, never stored open."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    app_id: str
    app_secret: str
    token: str
    """WeChat's callback token, 3 to 32 letters and digits."""
    encoding_aes_key: str


class ProcessStep(BaseModel):
    """One step of approval: every one of the persons (`all_of`), or any (`any_of`)."""

    model_config = ConfigDict(frozen=True)

    name: str
    mode: Literal["all_of", "any_of"]
    person_ids: tuple[str, ...]


class OperatingProcessFiled(Event, subject="registry.operating_process.filed.v1", key="unit_path"):
    """A unit's edit → review → publish process is on file with its responsible persons (§4.3).

    It replaces the unit's earlier one. It holds for every account of the unit.
    """

    process_id: str
    unit_path: str
    process_version: int
    editor_ids: tuple[str, ...]
    steps: tuple[ProcessStep, ...]
    publisher_ids: tuple[str, ...]
    filing_number: str
    filed_at: datetime
