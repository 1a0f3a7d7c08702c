"""Edit an issue. An edit of what is under review, or was approved, voids that at once."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.publisher import IssueEdited
from kit.refusal import NotFound
from kit.transaction import Tx
from services.publisher.commands.stopping import stop_order, void_permits
from services.publisher.commands.writing import IssueText, content_of, require_mandate
from services.publisher.domain.article import ArticleLimits
from services.publisher.domain.issue import Issue
from services.publisher.domain.permit import PermitStale
from services.publisher.ports import Records


@dataclass(frozen=True)
class EditIssue:
    """`revision` is what the editor saw."""

    issue_id: str
    revision: int
    text: IssueText
    edited_by: str


async def edit_issue(tx: Tx, command: EditIssue, *, records: Records, limits: ArticleLimits) -> str:
    """Take the new text; answers the issue's id. Saving what is there already changes nothing."""
    issue = await records.issues.get(tx, command.issue_id)
    account = await records.accounts.get(tx, issue.account_id) if issue else None
    if issue is None or account is None:
        raise NotFound
    content = await content_of(tx, command.text, account, records, limits)
    if issue.mandate_id != command.text.mandate_id:
        await require_mandate(tx, command.text.mandate_id, account, records)
    ordered = issue.mass_send_id
    edit = issue.edit(content, command.text.mandate_id, revision=command.revision, by=command.edited_by, now=tx.now)
    if not edit.changed:
        return issue.issue_id
    if edit.digest_before is not None:
        await _void(tx, issue, edit.digest_before, ordered, records)
    await records.issues.save(tx, issue)
    return issue.issue_id


async def _void(tx: Tx, issue: Issue, digest_before: str, ordered: str | None, records: Records) -> None:
    if ordered is not None:
        await stop_order(tx, ordered, PermitStale(), records=records)
    await void_permits(tx, issue.issue_id, PermitStale.code, records=records)
    tx.emit(
        IssueEdited(
            issue_id=issue.issue_id,
            account_id=issue.account_id,
            revision=issue.revision,
            digest_before=digest_before,
            digest=issue.digest,
            edited_by=issue.last_editor_id,
        )
    )
