"""Hand an issue to review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.publisher import IssueSubmitted
from kit.refusal import NotFound
from kit.transaction import Tx
from services.publisher.commands.stopping import void_permits
from services.publisher.domain.article import require_complete
from services.publisher.domain.issue import Issue, IssueTakenBack
from services.publisher.domain.permit import MASS_SEND
from services.publisher.ports import Records


@dataclass(frozen=True)
class SubmitIssue:
    issue_id: str
    submitted_by: str
    most_bytes: int


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


def _submitted(issue: Issue) -> IssueSubmitted:
    assert issue.submission is not None
    return IssueSubmitted(
        issue_id=issue.issue_id,
        act=MASS_SEND,
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
