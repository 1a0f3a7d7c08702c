"""Take an issue back."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.publisher import IssueWithdrawn
from kit.refusal import NotFound
from kit.transaction import Tx
from services.publisher.commands.stopping import stop_order, void_permits
from services.publisher.domain.issue import IssueTakenBack
from services.publisher.ports import Records


@dataclass(frozen=True)
class WithdrawIssue:
    issue_id: str
    withdrawn_by: str


async def withdraw_issue(tx: Tx, command: WithdrawIssue, *, records: Records) -> str:
    """Take it back from review, or from an order that has not begun to send."""
    issue = await records.issues.get(tx, command.issue_id)
    if issue is None:
        raise NotFound
    ordered = issue.mass_send_id
    issue.withdraw(tx.now)
    if ordered is not None:
        await stop_order(tx, ordered, IssueTakenBack(), records=records)
    await void_permits(tx, issue.issue_id, IssueTakenBack.code, records=records)
    await records.issues.save(tx, issue)
    tx.emit(IssueWithdrawn(issue_id=issue.issue_id, account_id=issue.account_id, withdrawn_by=command.withdrawn_by))
    return issue.issue_id
