"""A unit reports an account that exists already (§4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.refusal import NotFound
from kit.transaction import Tx
from services.registry.commands.advising import Presentation, advise
from services.registry.commands.enter_in_ledger import Entry, enter_in_ledger
from services.registry.domain.accounts import AccountDetails
from services.registry.domain.authority import GOVERNS, REPORTS, Actor
from services.registry.domain.opening import TextMissing
from services.registry.domain.paths import root_of
from services.registry.domain.rules import Advice
from services.registry.domain.units import Unit
from services.registry.domain.words import AccountKind, Stamp
from services.registry.ports import Filings, Findings, Ledger, Rules, Units


@dataclass(frozen=True)
class ReportExistingAccount:
    actor: Actor
    unit_path: str
    name: str
    kind: AccountKind
    verified: bool
    intro: str
    original_id: str
    is_group_account: bool
    reason: str


@dataclass(frozen=True)
class Registers:
    """What is read and written."""

    units: Units
    rules: Rules
    ledger: Ledger
    filings: Filings
    findings: Findings


async def report_existing_account(tx: Tx, command: ReportExistingAccount, *, registers: Registers) -> dict[str, Any]:
    """Report it. The group's own account is the office's to report (§3.1).

    Raises:
        Forbidden, NotFound, TextMissing, IntroLength, OriginalIdTaken
    """
    command.actor.require(*REPORTS, path=command.unit_path)
    if command.is_group_account:
        command.actor.require(*GOVERNS, path=root_of(command.unit_path))
    if not command.reason.strip():
        raise TextMissing
    unit = await registers.units.at(tx, command.unit_path)
    if unit is None:
        raise NotFound
    shown = Presentation(unit, command.name, command.intro)
    entry = _entry(command, unit, await advise(tx, shown, units=registers.units, rules=registers.rules))
    stamp = Stamp(command.actor.subject, tx.now)
    account = await enter_in_ledger(
        tx, entry, stamp, ledger=registers.ledger, filings=registers.filings, findings=registers.findings
    )
    return {
        "account_id": account.account_id,
        "filing_number": account.filing_number,
        "findings": [vars(advice) for advice in entry.advice],
    }


def _entry(command: ReportExistingAccount, unit: Unit, advice: tuple[Advice, ...]) -> Entry:
    details = AccountDetails(
        unit_id=unit.unit_id,
        unit_path=unit.path,
        name=command.name,
        kind=command.kind,
        verified=command.verified,
        intro=command.intro,
        original_id=command.original_id,
        is_group_account=command.is_group_account,
    )
    return Entry(details, "account_reported", command.reason, advice, None)
