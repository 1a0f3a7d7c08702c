"""Hand an issue to review, or take it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.publisher import IssueSubmitted, IssueWithdrawn
from kit.refusal import NotFound, Refusal
from kit.transaction import Tx
from services.publisher.commands.stop_order import stop_order, void_permits
from services.publisher.domain.article import require_complete
from services.publisher.domain.issue import Issue
from services.publisher.ports import Records


class IssueTakenBack(Refusal):
    """Its operator withdrew it."""

    code = "publisher.issue_withdrawn"
    text = "该图文已由运营人员撤回。"


@dataclass(frozen=True)
class SubmitIssue:
    issue_id: str
    submitted_by: str
    most_bytes: int


@dataclass(frozen=True)
class WithdrawIssue:
    issue_id: str
    withdrawn_by: str


async def submit_issue(tx: Tx, command: SubmitIssue, *, records: Records) -> dict[str, Any]:
    """Submit the exact payload; answers its digest, which every later step is about."""
    issue = await records.issues.get(tx, command.issue_id)
    account = await records.accounts.get(tx, issue.account_id) if issue else None
    if issue is None or account is None:
        raise NotFound
    account.require_connected()
    require_complete(issue.content.articles)
    submission = issue.submit(command.submitted_by, tx.now, most_bytes=command.most_bytes)
    if issue.mandate_id is not None:
        mandate = await records.mandates.get(tx, issue.mandate_id)
        if mandate is not None:
            mandate.require_for(issue.account_id)
    await void_permits(tx, issue.issue_id, IssueTakenBack.code, records=records)
    await records.issues.save(tx, issue)
    tx.emit(_submitted(issue))
    return {"issue_id": issue.issue_id, "revision": submission.revision, "digest": submission.digest}


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


def _submitted(issue: Issue) -> IssueSubmitted:
    assert issue.submission is not None
    return IssueSubmitted(
        issue_id=issue.issue_id,
        act="mass_send",
        account_id=issue.account_id,
        unit_path=issue.unit_path,
        revision=issue.revision,
        digest=issue.submission.digest,
        payload=issue.payload,
        author_id=issue.author_id,
        last_editor_id=issue.last_editor_id,
        submitted_by=issue.submission.submitted_by,
        mandate_id=issue.mandate_id,
    )
