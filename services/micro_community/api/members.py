"""The caller, other members, and what grows with taking part."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from contracts.micro_community import FollowedKind
from kit.routes import Routes
from kit.transaction import Tx
from kit.web import COOKIES, OncePerCaller, PageQuery
from services.micro_community.api.guards import (
    PROBLEMS,
    Access,
    AccountId,
    Deps,
    Insider,
    ItemId,
    MemberAccess,
    may_moderate,
)
from services.micro_community.commands.check_in import CheckIn, check_in
from services.micro_community.commands.leave_community import LeaveCommunity, leave_community
from services.micro_community.commands.save_draft import SaveDraft, save_draft
from services.micro_community.commands.set_preferences import SetPreferences, set_preferences
from services.micro_community.queries import export, notes, people, profiles, topics
from services.micro_community.queries.follows import follows
from services.micro_community.queries.profiles import ProfileViewer
from services.micro_community.schemas.common import Done
from services.micro_community.schemas.people import (
    CheckInView,
    Draft,
    DraftList,
    Leaderboard,
    MemberView,
    PeopleView,
    PointsPage,
    Preferences,
    ProfileView,
)
from services.micro_community.schemas.posts import FollowPage, TopicPage, TopicView

router = Routes(tags=["members"], responses=PROBLEMS)
Beginning = Annotated[str, Query(min_length=1, max_length=32)]


@router.get("/{account_id}/me")
async def get_me(account_id: AccountId, member: Insider, deps: Deps) -> MemberView:
    """Who the caller is in this community."""
    await deps.repos.visits.present(account_id, member.subject, deps.clock.now())
    return await profiles.me(deps.database, account_id, member.subject, deps.clock.now())


@router.put("/{account_id}/me/preferences")
async def change_preferences(
    account_id: AccountId, body: Preferences, member: Insider, _: OncePerCaller, deps: Deps
) -> MemberView:
    """Signature, blocked members, muted words, and kinds of notifications that are not wanted."""
    command = SetPreferences(
        account_id,
        member.subject,
        body.signature,
        tuple(body.blocked_ids),
        tuple(body.muted_words),
        tuple(body.muted_notices),
    )

    async def work(tx: Tx) -> None:
        await set_preferences(tx, command, desk=deps.desk, notifications=deps.repos.notifications)

    async with deps.live.marking(member.subject):
        await deps.store.transact(work)
    return await profiles.me(deps.database, account_id, member.subject, deps.clock.now())


@router.get("/{account_id}/me/export", response_class=StreamingResponse)
async def export_me(account_id: AccountId, member: Insider, deps: Deps) -> StreamingResponse:
    """Everything that is kept about the caller, as one JSON document."""
    await profiles.me(deps.database, account_id, member.subject, deps.clock.now())
    headers = {"Content-Disposition": 'attachment; filename="micro-community.json"', "Cache-Control": "no-store"}
    body = export.everything(deps.database, account_id, member.subject)
    return StreamingResponse(body, media_type="application/json", headers=headers)


@router.delete("/{account_id}/me", status_code=204)
async def leave(account_id: AccountId, member: Insider, _: OncePerCaller, deps: Deps, response: Response) -> None:
    """Delete the account: what the caller wrote is erased within minutes. There is no way back."""

    async def work(tx: Tx) -> None:
        await leave_community(tx, LeaveCommunity(account_id, member.subject), members=deps.repos.members)

    async with deps.live.marking(member.subject):
        await deps.store.transact(work)
    await deps.live.people_changed()
    response.delete_cookie(COOKIES["member"], path=f"/community/{account_id}")


@router.delete("/{account_id}/session", status_code=204)
async def sign_out(account_id: AccountId, _: Insider, __: OncePerCaller, response: Response) -> None:
    """Forget the session in this browser."""
    response.delete_cookie(COOKIES["member"], path=f"/community/{account_id}")


@router.get("/{account_id}/members")
async def suggest_members(account_id: AccountId, q: Beginning, _: Insider, deps: Deps) -> PeopleView:
    """Members whose name begins so: the picker for @."""
    return await people.suggest(deps.database, account_id, q)


@router.get("/{account_id}/members/{member_id}")
async def get_member(
    request: Request, account_id: AccountId, member_id: ItemId, access: Access, deps: Deps
) -> ProfileView:
    """A member's page; to moderators also whether the member may write."""
    moderates = await may_moderate(request, account_id, access.reader, deps)
    viewer = ProfileViewer(access.reader.subject if access.reader else None, moderates, deps.clock.now())
    return await profiles.profile(deps.database, account_id, member_id, viewer)


@router.post("/{account_id}/check-ins", status_code=201)
async def make_check_in(account_id: AccountId, member: Insider, _: OncePerCaller, deps: Deps) -> CheckInView:
    """Check in for today (Shanghai); once more on the same day changes nothing."""
    command = CheckIn(account_id, member.subject)
    day, streak = await check_in(command, members=deps.repos.members, records=deps.repos.records, now=deps.clock.now())
    await deps.live.stored()
    return CheckInView(day=day, streak=streak)


@router.get("/{account_id}/me/points")
async def list_points(account_id: AccountId, member: Insider, page: PageQuery, deps: Deps) -> PointsPage:
    """The caller's ledger."""
    return await profiles.points(deps.database, member.subject, page)


@router.get("/{account_id}/leaderboard")
async def leaderboard(
    account_id: AccountId, _: Access, deps: Deps, period: Literal["all", "week"] = "week"
) -> Leaderboard:
    """Who has the most points, this week or ever."""
    return await profiles.leaders(deps.database, account_id, deps.clock.now(), week=period == "week")


@router.get("/{account_id}/topics")
async def list_topics(
    account_id: AccountId, access: Access, deps: Deps, q: Annotated[str | None, Query(max_length=32)] = None
) -> TopicPage:
    """The most used topics, or those whose name begins with `q`."""
    member_id = access.reader.subject if access.reader else None
    return await topics.listing(deps.database, account_id, q, member_id)


@router.get("/{account_id}/topics/{name}")
async def get_topic(account_id: AccountId, name: str, access: Access, deps: Deps) -> TopicView:
    """One topic; its posts: `GET /posts?topic=`."""
    member_id = access.reader.subject if access.reader else None
    return await topics.one(deps.database, account_id, name[:60], member_id)


@router.get("/{account_id}/me/follows")
async def list_follows(
    account_id: AccountId, access: MemberAccess, page: PageQuery, deps: Deps, kind: FollowedKind = "member"
) -> FollowPage:
    """What the caller follows, the latest first; to stop: `DELETE /follows/{kind}/{followed_id}`."""
    return await follows(deps.database, access, kind, page)


@router.get("/{account_id}/me/drafts")
async def list_drafts(account_id: AccountId, member: Insider, deps: Deps) -> DraftList:
    """The caller's drafts, the latest first."""
    return await notes.drafts(deps.database, member.subject, deps.clock.now())


@router.put("/{account_id}/me/drafts/{slot}")
async def keep_draft(
    account_id: AccountId, slot: ItemId, body: Draft, member: Insider, _: OncePerCaller, deps: Deps
) -> Done:
    """Keep a draft; the slot is `post`, or the id of the post that is being answered."""
    command = SaveDraft(account_id, member.subject, slot, body.model_dump(mode="json"))
    await save_draft(command, notes=deps.repos.notes, now=deps.clock.now())
    return Done()


@router.delete("/{account_id}/me/drafts/{slot}")
async def drop_draft(account_id: AccountId, slot: ItemId, member: Insider, _: OncePerCaller, deps: Deps) -> Done:
    """Throw a draft away."""
    await deps.repos.notes.drop_draft(member.subject, slot)
    return Done()
