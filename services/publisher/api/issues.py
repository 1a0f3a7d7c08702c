"""/issues: write, submit, withdraw, send."""

from __future__ import annotations

from typing import Any

from kit.refusal import NotFound
from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller, PageQuery, Person
from services.publisher.api.parts import PROBLEMS, READERS, Deps, equal, require_visible
from services.publisher.commands.edit_issue import EditIssue, edit_issue
from services.publisher.commands.order_mass_send import order_mass_send
from services.publisher.commands.submit_issue import SubmitIssue, submit_issue
from services.publisher.commands.withdraw_issue import WithdrawIssue, withdraw_issue
from services.publisher.commands.write_issue import WriteIssue, write_issue
from services.publisher.commands.writing import ArticleText, IssueText
from services.publisher.dependencies import Dependencies
from services.publisher.domain.issue import State
from services.publisher.domain.permit import PermitMissing
from services.publisher.processes.ordering import order_by_token
from services.publisher.queries import Listing
from services.publisher.schemas import (
    EditIssueBody,
    IssueBody,
    Issues,
    IssueView,
    MassSendBody,
    NewIssueBody,
    OrderedView,
    SubmittedView,
)

router = Routes(prefix="/issues", tags=["图文"], responses=PROBLEMS)


@router.post("", status_code=201, summary="撰写图文")
async def write(body: NewIssueBody, deps: Deps, who: Person, once: OncePerCaller) -> IssueView:
    """A new issue of an account that the caller operates."""
    path = await require_visible(deps, who, "accounts", body.account_id)
    who.require("operator", path=path)
    command = WriteIssue(body.account_id, _text(body), who.subject)

    async def work(tx: Tx) -> str:
        return await write_issue(tx, command, records=deps.records, limits=deps.limits)

    return await _shown(deps, await deps.store.transact(work, once=once))


@router.get("", summary="图文列表")
async def list_issues(
    deps: Deps, who: Person, page: PageQuery, account_id: str | None = None, state: State | None = None
) -> Issues:
    """Issues at and below the caller's units, the newest first."""
    wanted = equal(account_id=account_id, state=state)
    return await deps.queries.issues(Listing(who.paths(*READERS), wanted, page))


@router.get("/{issue_id}", summary="查看图文")
async def read(issue_id: str, deps: Deps, who: Person) -> IssueView:
    """One issue with its articles, and what became of it."""
    await require_visible(deps, who, "issues", issue_id)
    return await _shown(deps, issue_id)


@router.put("/{issue_id}", summary="修改图文")
async def edit(issue_id: str, body: EditIssueBody, deps: Deps, who: Person, once: OncePerCaller) -> IssueView:
    """Replace the text of the revision that was seen. Under review or approved, that voids the approval at once."""
    who.require("operator", path=await require_visible(deps, who, "issues", issue_id))
    command = EditIssue(issue_id, body.revision, _text(body), who.subject)

    async def work(tx: Tx) -> str:
        return await edit_issue(tx, command, records=deps.records, limits=deps.limits)

    return await _shown(deps, await deps.store.transact(work, once=once))


@router.post("/{issue_id}/submit", summary="提交审核")
async def submit(issue_id: str, deps: Deps, who: Person, once: OncePerCaller) -> SubmittedView:
    """Hand the exact payload to review."""
    who.require("operator", path=await require_visible(deps, who, "issues", issue_id))
    command = SubmitIssue(issue_id, who.subject, deps.limits.payload_bytes)

    async def work(tx: Tx) -> dict[str, Any]:
        return await submit_issue(tx, command, records=deps.records)

    return SubmittedView.model_validate(await deps.store.transact(work, once=once))


@router.post("/{issue_id}/withdraw", summary="撤回")
async def withdraw(issue_id: str, deps: Deps, who: Person, once: OncePerCaller) -> IssueView:
    """Take it back, as long as its send has not begun."""
    who.require("operator", path=await require_visible(deps, who, "issues", issue_id))
    command = WithdrawIssue(issue_id, who.subject)

    async def work(tx: Tx) -> str:
        return await withdraw_issue(tx, command, records=deps.records)

    return await _shown(deps, await deps.store.transact(work, once=once))


@router.post("/{issue_id}/mass-send", status_code=202, summary="凭许可群发")
async def mass_send(issue_id: str, body: MassSendBody, deps: Deps, who: Person, once: OncePerCaller) -> OrderedView:
    """Order the send with a permit in hand, or with the one that was granted. Sending itself follows in the worker."""
    who.require("operator", path=await require_visible(deps, who, "issues", issue_id))
    command = await order_by_token(deps, issue_id, body.permit or await _granted(deps, issue_id))

    async def work(tx: Tx) -> str:
        return await order_mass_send(tx, command, records=deps.records)

    return OrderedView(mass_send_id=await deps.store.transact(work, once=once), issue_id=issue_id)


async def _granted(deps: Dependencies, issue_id: str) -> str:
    permit = await deps.records.permits.newest_of(issue_id)
    if permit is None or permit.token is None:
        raise PermitMissing
    return permit.token


async def _shown(deps: Dependencies, issue_id: str) -> IssueView:
    found = await deps.queries.issue(issue_id)
    if found is None:
        raise NotFound
    return found


def _text(body: IssueBody) -> IssueText:
    return IssueText(
        articles=tuple(ArticleText(**article.model_dump()) for article in body.articles),
        tag_id=body.tag_id,
        send_at=body.send_at,
        send_ignore_reprint=body.send_ignore_reprint,
        major_group_news=body.major_group_news,
        mandate_id=body.mandate_id,
    )
