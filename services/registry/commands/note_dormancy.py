"""An account stopped updating without a word: that becomes a finding (§4.1)."""

from __future__ import annotations

from dataclasses import dataclass

from kit.ids import new_id
from kit.transaction import Tx
from services.registry.domain.findings import dormancy, is_dormant
from services.registry.ports import Findings, Ledger, Rules


@dataclass(frozen=True)
class NoteDormancy:
    account_id: str


async def note_dormancy(tx: Tx, command: NoteDormancy, *, ledger: Ledger, findings: Findings, rules: Rules) -> bool:
    """Open the finding, if it is due and not open. True if it was opened.

    The account is written too: an issue that goes out at the same moment conflicts, and one of the two comes first.
    """
    account = await ledger.find(tx, command.account_id)
    rule = (await rules.in_force(tx)).rule("dormancy")
    if account is None or rule is None or await findings.open_of(tx, command.account_id, rule.name) is not None:
        return False
    if not is_dormant(account, rule, tx.now):
        return False
    await findings.add(tx, dormancy(new_id(), account, rule, tx.now))
    await ledger.save(tx, account)
    return True
