"""Write an issue, or edit one. An edit of what is under review, or was approved, voids that at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from contracts.publisher import IssueEdited
from kit.clock import to_milliseconds
from kit.ids import new_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.publisher.commands.stop_order import stop_order, void_permits
from services.publisher.domain.account import OfficialAccount
from services.publisher.domain.article import Article, ArticleLimits, require_fit, require_pictures
from services.publisher.domain.content import fit_for_wechat
from services.publisher.domain.issue import Content, Issue, NotTheGroupAccount
from services.publisher.domain.mandate import MandateForeign
from services.publisher.domain.permit import PermitStale
from services.publisher.ports import Records


@dataclass(frozen=True)
class ArticleText:
    """An article as it was typed; `content_html` is cleaned before it is kept."""

    title: str
    author: str
    digest: str
    content_html: str
    content_source_url: str
    cover: str
    need_open_comment: bool
    only_followers_can_comment: bool


@dataclass(frozen=True)
class IssueText:
    """All that can be written of an issue."""

    articles: Sequence[ArticleText]
    tag_id: int | None
    send_at: datetime | None
    send_ignore_reprint: bool
    major_group_news: bool
    mandate_id: str | None


@dataclass(frozen=True)
class WriteIssue:
    account_id: str
    text: IssueText
    written_by: str


@dataclass(frozen=True)
class EditIssue:
    """`revision` is what the editor saw."""

    issue_id: str
    revision: int
    text: IssueText
    edited_by: str


async def write_issue(tx: Tx, command: WriteIssue, *, records: Records, limits: ArticleLimits) -> str:
    """Keep a new issue; answers its id."""
    account = await records.accounts.get(tx, command.account_id)
    if account is None:
        raise NotFound
    content = await _content(tx, command.text, account, records, limits)
    await _require_mandate(tx, command.text.mandate_id, account, records)
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


async def edit_issue(tx: Tx, command: EditIssue, *, records: Records, limits: ArticleLimits) -> str:
    """Take the new text; answers the issue's id. Saving what is there already changes nothing."""
    issue = await records.issues.get(tx, command.issue_id)
    account = await records.accounts.get(tx, issue.account_id) if issue else None
    if issue is None or account is None:
        raise NotFound
    content = await _content(tx, command.text, account, records, limits)
    if issue.mandate_id != command.text.mandate_id:
        await _require_mandate(tx, command.text.mandate_id, account, records)
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


async def _content(
    tx: Tx, text: IssueText, account: OfficialAccount, records: Records, limits: ArticleLimits
) -> Content:
    """The text as it may be kept: cleaned, within the limits, with pictures that exist."""
    articles = tuple(_article(article) for article in text.articles)
    require_fit(articles, limits)
    used = {picture for article in articles for picture in (*article.pictures, article.cover) if picture}
    require_pictures(articles, await records.pictures.known(tx, sorted(used)), limits)
    if text.major_group_news and not account.is_group_account:
        raise NotTheGroupAccount
    # The digest must come out the same after the database dropped what is below a millisecond.
    send_at = to_milliseconds(text.send_at.astimezone(UTC)) if text.send_at else None
    return Content(articles, text.tag_id, send_at, text.send_ignore_reprint, text.major_group_news)


async def _require_mandate(tx: Tx, mandate_id: str | None, account: OfficialAccount, records: Records) -> None:
    if mandate_id is None:
        return
    mandate = await records.mandates.get(tx, mandate_id)
    if mandate is None:
        raise MandateForeign
    mandate.require_for(account.account_id)


def _article(text: ArticleText) -> Article:
    return Article(
        title=text.title,
        author=text.author,
        digest=text.digest,
        content_html=fit_for_wechat(text.content_html),
        content_source_url=text.content_source_url,
        cover=text.cover,
        need_open_comment=text.need_open_comment,
        only_followers_can_comment=text.only_followers_can_comment,
    )
