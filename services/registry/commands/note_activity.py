"""An issue reached an account's followers: the account lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kit.transaction import Tx
from services.registry.domain.accounts import AccountUnknown
from services.registry.domain.findings import is_dormant
from services.registry.ports import Findings, Ledger, Rules


@dataclass(frozen=True)
class NoteActivity:
    account_id: str
    mass_send_id: str
    titles: tuple[str, ...]
    sent_at: datetime


async def note_activity(tx: Tx, command: NoteActivity, *, ledger: Ledger, findings: Findings, rules: Rules) -> None:
    """Note it in the ledger, and clear the finding that the account had gone quiet.

    Raises:
        AccountUnknown
    """
    account = await ledger.find(tx, command.account_id)
    if account is None:
        raise AccountUnknown(command.account_id)
    account.active(command.mass_send_id, command.titles, command.sent_at)
    await ledger.save(tx, account)
    finding = await findings.open_of(tx, account.account_id, "dormancy")
    rule = (await rules.in_force(tx)).rule("dormancy")
    if finding is not None and (rule is None or not is_dormant(account, rule, tx.now)):
        finding.clear(f"mass_send/{command.mass_send_id}", tx.now)
        await findings.save(tx, finding)
