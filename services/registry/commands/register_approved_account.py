"""The account that was agreed to exists at WeChat: it enters the ledger (§4.1, §4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit.transaction import Tx
from services.registry.commands.enter_in_ledger import Entry, enter_in_ledger
from services.registry.domain.accounts import AccountDetails
from services.registry.domain.authority import REPORTS, Actor, admit
from services.registry.domain.opening import OpeningApplication
from services.registry.domain.words import Stamp
from services.registry.ports import Filings, Findings, Ledger, OpeningApplications


@dataclass(frozen=True)
class RegisterApprovedAccount:
    actor: Actor
    application_id: str
    original_id: str
    verified: bool


@dataclass(frozen=True)
class Registers:
    """What is read and written."""

    applications: OpeningApplications
    ledger: Ledger
    filings: Filings
    findings: Findings


async def register_approved_account(
    tx: Tx, command: RegisterApprovedAccount, *, registers: Registers
) -> dict[str, Any]:
    """Register it.

    Raises:
        NotFound, Forbidden, ApplicationNotApproved, ApplicationRegistered, OriginalIdTaken
    """
    application = await registers.applications.load(tx, command.application_id)
    admit(command.actor, *REPORTS, path=application.unit_path)
    application.check_registrable()
    stamp = Stamp(command.actor.subject, tx.now)
    entry = _entry(application, command)
    account = await enter_in_ledger(
        tx, entry, stamp, ledger=registers.ledger, filings=registers.filings, findings=registers.findings
    )
    application.register(account.account_id, account.filing_number, stamp)
    await registers.applications.save(tx, application)
    return {
        "account_id": account.account_id,
        "filing_number": account.filing_number,
        "findings": [vars(advice) for advice in entry.advice],
    }


def _entry(application: OpeningApplication, command: RegisterApprovedAccount) -> Entry:
    proposal = application.proposal
    details = AccountDetails(
        unit_id=application.unit_id,
        unit_path=application.unit_path,
        name=proposal.account_name,
        kind=proposal.kind,
        verified=command.verified,
        intro=proposal.intro,
        original_id=command.original_id,
        is_group_account=proposal.is_group_account,
    )
    reason = proposal.statements.necessity
    return Entry(details, "account_opened", reason, application.current.advice, application.application_id)
