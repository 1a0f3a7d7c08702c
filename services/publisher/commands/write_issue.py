"""Write an issue."""

from __future__ import annotations

from dataclasses import dataclass

from kit.ids import new_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.publisher.commands.writing import IssueText, content_of, require_mandate
from services.publisher.domain.article import ArticleLimits
from services.publisher.domain.issue import Issue
from services.publisher.ports import Records


@dataclass(frozen=True)
class WriteIssue:
    account_id: str
    text: IssueText
    written_by: str


async def write_issue(tx: Tx, command: WriteIssue, *, records: Records, limits: ArticleLimits) -> str:
    """Keep a new issue; answers its id."""
    account = await records.accounts.get(tx, command.account_id)
    if account is None:
        raise NotFound
    content = await content_of(tx, command.text, account, records, limits)
    await require_mandate(tx, command.text.mandate_id, account, records)
    issue = Issue(
        issue_id=new_id(),
        account_id=account.account_id,
        unit_path=account.unit_path,
        content=content,
        mandate_id=command.text.mandate_id,
        author_id=command.written_by,
        last_editor_id=command.written_by,
        created_at=tx.now,
        updated_at=tx.now,
    )
    await records.issues.save(tx, issue)
    return issue.issue_id
