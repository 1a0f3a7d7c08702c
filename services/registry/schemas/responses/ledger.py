"""The ledger, its findings, filings, processes and rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.registry.domain.accounts import AccountState
from services.registry.domain.filings import FilingKind
from services.registry.domain.findings import FindingState, Severity
from services.registry.domain.operating import Mode
from services.registry.domain.words import AccountKind
from services.registry.schemas.responses.opening import AdviceView
from services.registry.schemas.responses.shared import Answer


class AccountRegistered(Answer):
    """The account stands in the ledger; `findings` are what its name and introduction lack."""

    account_id: str
    filing_number: str
    findings: tuple[AdviceView, ...]


class CustodyView(Answer):
    """That credentials are there, and who handed them over. Never what they are."""

    app_id: str
    key_id: str
    entrusted_by: str
    entrusted_at: datetime


class ConnectionView(Answer):
    """How the account was found when publisher took it into service; `menu` is the baseline."""

    app_id: str
    connected_at: datetime
    menu_digest: str | None
    menu: dict[str, Any] | None


class ConnectionFailureView(Answer):
    step: str
    code: str
    detail: str
    noted_at: datetime


class ActivityView(Answer):
    last_active_at: datetime
    last_mass_send_id: str
    last_titles: tuple[str, ...]
    mass_sends: int


class AccountSummary(Answer):
    account_id: str
    unit_id: str
    unit_path: str
    name: str
    kind: AccountKind
    verified: bool
    is_group_account: bool
    original_id: str
    state: AccountState
    filing_number: str
    registered_at: datetime
    last_active_at: datetime | None
    open_findings: int


class FindingView(Answer):
    finding_id: str
    rule_id: str
    rule: str
    clause: str
    severity: Severity
    account_id: str
    unit_path: str
    text: str
    state: FindingState
    opened_at: datetime
    cleared_at: datetime | None
    cleared_by: str | None


class FilingView(Answer):
    filing_id: str
    number: str
    kind: FilingKind
    clause: str
    unit_path: str
    subject_id: str
    subject_name: str
    reason: str
    filed_by: str
    filed_at: datetime


class AccountView(AccountSummary):
    """Everything the ledger knows of an account."""

    intro: str
    application_id: str | None
    registered_by: str
    custody: CustodyView | None
    connection: ConnectionView | None
    connection_failure: ConnectionFailureView | None
    activity: ActivityView | None
    filings: tuple[FilingView, ...]
    findings: tuple[FindingView, ...]


class CredentialsEntrustedView(Answer):
    """The credentials are sealed to the key `key_id`."""

    account_id: str
    app_id: str
    key_id: str
    entrusted_at: datetime


class StepView(Answer):
    name: str
    mode: Mode
    person_ids: tuple[str, ...]


class ProcessView(Answer):
    process_id: str
    unit_path: str
    process_version: int
    editor_ids: tuple[str, ...]
    steps: tuple[StepView, ...]
    publisher_ids: tuple[str, ...]
    filing_number: str
    filed_by: str
    filed_at: datetime


class ProcessFiled(Answer):
    process_id: str
    unit_path: str
    process_version: int
    filing_number: str


class RuleView(Answer):
    """A house rule with its span of validity."""

    rule_id: str
    name: str
    clause: str
    title: str
    owner: str
    source: str
    effective_from: datetime
    effective_to: datetime | None
    parameters: dict[str, Any]
