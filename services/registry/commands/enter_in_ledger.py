"""Enter an account in the ledger, under a number, with what its name and introduction lack (§4.1)."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.registry import OfficialAccountRegistered
from kit.ids import new_id
from kit.transaction import Tx
from services.registry.domain.accounts import AccountDetails, OfficialAccount
from services.registry.domain.filings import FilingKind, Matter
from services.registry.domain.findings import warning
from services.registry.domain.rules import Advice
from services.registry.domain.words import Stamp
from services.registry.ports import Filings, Findings, Ledger


@dataclass(frozen=True)
class Entry:
    """What is entered. `application_id` is None for an account that was there before the register."""

    details: AccountDetails
    kind: FilingKind
    reason: str
    advice: tuple[Advice, ...]
    application_id: str | None


async def enter_in_ledger(
    tx: Tx, entry: Entry, stamp: Stamp, *, ledger: Ledger, filings: Filings, findings: Findings
) -> OfficialAccount:
    """Enter it. The number is taken last: whoever files at the same time waits the shortest for it.

    Raises:
        OriginalIdTaken
    """
    account_id, details = new_id(), entry.details
    matter = Matter(entry.kind, details.unit_path, account_id, details.name, entry.reason, "§4.1")
    account = OfficialAccount(
        account_id=account_id,
        details=details,
        state="registered",
        filing_number="",
        application_id=entry.application_id,
        registered_by=stamp.by,
        registered_at=stamp.at,
    )
    for advice in entry.advice:
        await findings.add(tx, warning(new_id(), account, advice, stamp.at))
    account.filing_number = (await filings.file(tx, matter, stamp)).number
    await ledger.add(tx, account)
    tx.emit(_registered(account))
    return account


def _registered(account: OfficialAccount) -> OfficialAccountRegistered:
    details = account.details
    return OfficialAccountRegistered(
        account_id=account.account_id,
        unit_id=details.unit_id,
        unit_path=details.unit_path,
        name=details.name,
        kind=details.kind,
        verified=details.verified,
        is_group_account=details.is_group_account,
        intro=details.intro,
        original_id=details.original_id,
        filing_number=account.filing_number,
        registered_at=account.registered_at,
    )
