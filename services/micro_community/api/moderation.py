"""Reports by members; queue, reports, marks, mutes and the log for moderators; rules for operators."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import Depends, Query, Request

from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller, PageQuery
from services.micro_community.api.guards import PROBLEMS, AccountId, Deps, Insider, ItemId, Moderating, Staff
from services.micro_community.commands.dismiss_report import DismissReport, dismiss_report
from services.micro_community.commands.file_report import FileReport, file_report
from services.micro_community.commands.let_appear import let_appear
from services.micro_community.commands.mark_post import MarkPost, mark_post
from services.micro_community.commands.moderating import ModerateContent
from services.micro_community.commands.mute_member import MuteMember, mute_member
from services.micro_community.commands.post_as_account import PostAsAccount, post_as_account
from services.micro_community.commands.set_moderator import SetModerator, set_moderator
from services.micro_community.commands.take_down import take_down
from services.micro_community.commands.unmute_member import UnmuteMember, unmute_member
from services.micro_community.dependencies import Dependencies
from services.micro_community.domain.moderation import TargetKind
from services.micro_community.domain.post import Mark
from services.micro_community.queries import acts, moderation, posts, replies
from services.micro_community.queries.posts import Reading
from services.micro_community.schemas.common import Done
from services.micro_community.schemas.moderation import (
    AccountPost,
    ActPage,
    Because,
    Mute,
    MutedPage,
    NewReport,
    ReportPage,
    Switch,
    WaitingCount,
    WaitingPage,
)
from services.micro_community.schemas.posts import JudgedPostView, PostView
from services.micro_community.schemas.replies import ReplyView

router = Routes(tags=["moderation"], responses=PROBLEMS)
KINDS: dict[str, TargetKind] = {"posts": "post", "replies": "reply"}
Kind = Literal["posts", "replies"]


async def target(account_id: AccountId, kind: Kind, item_id: ItemId, by: Moderating) -> ModerateContent:
    """What a moderator acts on."""
    return ModerateContent(account_id, by, KINDS[kind], item_id)


async def marking(account_id: AccountId, item_id: ItemId, mark: Mark, by: Moderating) -> MarkPost:
    """Which post gets which mark."""
    return MarkPost(account_id, by, item_id, mark, on=True)


Target = Annotated[ModerateContent, Depends(target)]
Version = Annotated[int | None, Query(ge=0, lt=2**53)]


@router.post("/{account_id}/reports", status_code=201)
async def report(
    request: Request, account_id: AccountId, body: NewReport, member: Insider, once: OncePerCaller, deps: Deps
) -> Done:
    """Report a post or reply to the moderators, once."""
    address = request.client.host if request.client else ""
    what = (body.target_kind, body.target_id, body.reason, body.note)
    command = FileReport(account_id, member.subject, *what, once=once, address=address)
    await file_report(command, desk=deps.desk, reports=deps.repos.reports, now=deps.clock.now())
    await deps.live.stored()
    return Done()


@router.get("/{account_id}/moderation/queue")
async def queue(
    account_id: AccountId, _: Moderating, page: PageQuery, deps: Deps, kind: TargetKind = "post"
) -> WaitingPage:
    """What waits for a moderator, the oldest first."""
    return await moderation.waiting(deps.database, account_id, kind, page)


@router.get("/{account_id}/moderation/reports")
async def list_reports(
    account_id: AccountId,
    _: Moderating,
    page: PageQuery,
    deps: Deps,
    state: Annotated[Literal["open", "upheld", "dismissed"], Query()] = "open",
) -> ReportPage:
    """Reports, the newest first."""
    return await moderation.reports(deps.database, account_id, state, page)


@router.get("/{account_id}/moderation/acts")
async def list_acts(account_id: AccountId, _: Moderating, page: PageQuery, deps: Deps) -> ActPage:
    """Who did what, the newest first."""
    return await acts.acts(deps.database, account_id, page)


@router.get("/{account_id}/moderation/waiting")
async def count_waiting(account_id: AccountId, _: Moderating, deps: Deps) -> WaitingCount:
    """How much there is to decide."""
    return await moderation.waiting_count(deps.database, account_id)


@router.get("/{account_id}/moderation/members")
async def list_muted(
    account_id: AccountId, _: Moderating, page: PageQuery, deps: Deps, kind: Literal["muted", "banned"] = "muted"
) -> MutedPage:
    """Members who may not write for a time, or for good."""
    return await moderation.muted(deps.database, account_id, kind, deps.clock.now(), page)


@router.get("/{account_id}/moderation/posts/{post_id}")
async def see_post(account_id: AccountId, post_id: ItemId, _: Moderating, deps: Deps) -> JudgedPostView:
    """A post in whatever state, to be decided on."""
    return await posts.judged(deps.database, post_id, await _moderating(deps, account_id))


@router.get("/{account_id}/moderation/replies/{reply_id}")
async def see_reply(account_id: AccountId, reply_id: ItemId, _: Moderating, deps: Deps) -> ReplyView:
    """A reply in whatever state."""
    return await replies.one(deps.database, reply_id, await _moderating(deps, account_id))


@router.post("/{account_id}/moderation/{kind}/{item_id}/take-down")
async def remove(about: Target, body: Because, once: OncePerCaller, deps: Deps) -> Done:
    """Take down what is shown, or reject what waits; open reports about it are upheld."""

    async def work(tx: Tx) -> dict[str, bool]:
        await take_down(tx, replace(about, reason=body.reason), bench=deps.bench)
        return {}

    await deps.store.transact(work, once=once)
    await deps.live.stored()
    return Done()


@router.post("/{account_id}/moderation/{kind}/{item_id}/show")
async def show(about: Target, once: OncePerCaller, deps: Deps, version: Version = None) -> Done:
    """Approve what waits, or restore what was taken down; with the `version` that the caller saw, nothing else."""
    seen = replace(about, version=version)

    async def work(tx: Tx) -> dict[str, bool]:
        await let_appear(tx, seen, bench=deps.bench)
        return {}

    await deps.store.transact(work, once=once)
    await deps.live.stored()
    return Done()


@router.post("/{account_id}/moderation/posts", status_code=201)
async def speak_as_account(
    account_id: AccountId, body: AccountPost, by: Staff, once: OncePerCaller, deps: Deps
) -> PostView:
    """Open a post in the account's name, on any board; the log of acts says who did."""
    command = PostAsAccount(account_id, by, body.title, body.text, body.board_id, once)

    async def work(tx: Tx) -> str:
        return await post_as_account(tx, command, bench=deps.bench, lexicons=deps.repos.lexicons)

    post_id = await deps.store.transact(work, once=once)
    await deps.live.stored("posts")
    return await posts.one(deps.database, post_id, await _moderating(deps, account_id))


@router.post("/{account_id}/moderation/posts/{item_id}/marks/{mark}")
async def mark(about: Annotated[MarkPost, Depends(marking)], body: Switch, once: OncePerCaller, deps: Deps) -> Done:
    """Pin, feature or lock a post, or undo it."""

    async def work(tx: Tx) -> dict[str, bool]:
        await mark_post(tx, replace(about, on=body.on), bench=deps.bench)
        return {}

    await deps.store.transact(work, once=once)
    await deps.live.stored()
    return Done()


@router.post("/{account_id}/moderation/reports/{report_id}/dismiss")
async def dismiss(
    account_id: AccountId, report_id: ItemId, body: Because, by: Moderating, once: OncePerCaller, deps: Deps
) -> Done:
    """The content may stay: all open reports about it are closed."""
    command = DismissReport(account_id, by, report_id, body.reason)

    async def work(tx: Tx) -> dict[str, bool]:
        await dismiss_report(tx, command, bench=deps.bench)
        return {}

    await deps.store.transact(work, once=once)
    await deps.live.stored()
    return Done()


@router.post("/{account_id}/moderation/members/{member_id}/mute")
async def mute(
    account_id: AccountId, member_id: ItemId, body: Mute, by: Moderating, once: OncePerCaller, deps: Deps
) -> Done:
    """Take a member's word for some minutes, or for good."""
    lasts = timedelta(minutes=body.minutes) if body.minutes else None
    command = MuteMember(account_id, by, member_id, lasts, body.reason)

    async def work(tx: Tx) -> dict[str, bool]:
        await mute_member(tx, command, bench=deps.bench)
        return {}

    await deps.store.transact(work, once=once)
    return Done()


@router.post("/{account_id}/moderation/members/{member_id}/unmute")
async def unmute(account_id: AccountId, member_id: ItemId, by: Moderating, once: OncePerCaller, deps: Deps) -> Done:
    """Give it back."""
    command = UnmuteMember(account_id, by, member_id)

    async def work(tx: Tx) -> dict[str, bool]:
        await unmute_member(tx, command, bench=deps.bench)
        return {}

    await deps.store.transact(work, once=once)
    return Done()


@router.put("/{account_id}/moderation/members/{member_id}/moderator")
async def make_moderator(
    account_id: AccountId, member_id: ItemId, body: Switch, by: Staff, once: OncePerCaller, deps: Deps
) -> Done:
    """Operators choose moderators among the members."""
    command = SetModerator(account_id, by, member_id, body.on)

    async def work(tx: Tx) -> dict[str, bool]:
        await set_moderator(tx, command, bench=deps.bench)
        return {}

    await deps.store.transact(work, once=once)
    await deps.live.people_changed()
    return Done()


async def _moderating(deps: Dependencies, account_id: str) -> Reading:
    rules = (await deps.repos.communities.of(account_id)).rules
    return Reading(account_id, None, rules, moderates=True)
