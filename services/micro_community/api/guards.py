"""Who may see and do what in which community, said once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Request

from kit.auth import Principal
from kit.problems import Problem
from kit.refusal import Forbidden, NotFound, Refusal, Unauthenticated
from kit.web import member_or_guest, signed_in_member, signed_in_person
from services.micro_community.dependencies import Dependencies
from services.micro_community.domain.member import MODERATOR
from services.micro_community.domain.moderation import Moderator
from services.micro_community.queries.posts import Reading

AccountId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_-]+$")]
ItemId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_-]+$")]
STAFF = ("operator", "head", "communications")
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}}
    for status in (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
}


class SignInFirst(Unauthenticated):
    """The community is for members only."""

    code = "micro_community.sign_in_first"
    text = "这个社区仅对成员开放，请先登录。"


async def dependencies(request: Request) -> Dependencies:
    found: Dependencies = request.app.state.dependencies
    return found


Deps = Annotated[Dependencies, Depends(dependencies)]


async def insider(account_id: AccountId, member: Annotated[Principal, Depends(signed_in_member)]) -> Principal:
    """A member of this very community; to one of another there is nothing here."""
    if member.tenant != account_id:
        raise NotFound
    return member


async def reader(
    account_id: AccountId, visitor: Annotated[Principal | None, Depends(member_or_guest)]
) -> Principal | None:
    """A member of this community, or a guest; to a member of another there is nothing here."""
    if visitor is not None and visitor.tenant != account_id:
        raise NotFound
    return visitor


Insider = Annotated[Principal, Depends(insider)]
Reader = Annotated[Principal | None, Depends(reader)]


async def reading(request: Request, account_id: AccountId, visitor: Reader, deps: Deps) -> Reading:
    """Whoever reads, under the community's rules."""
    community = await deps.repos.communities.of(account_id)
    if visitor is None and not community.rules.guest_reading:
        try:
            (await signed_in_person(request)).require(*STAFF, path=community.unit_path)
        except Unauthenticated as error:
            raise SignInFirst from error
    return Reading(account_id, visitor, community.rules)


async def insider_reading(account_id: AccountId, member: Insider, deps: Deps) -> Reading:
    """A member who reads."""
    return Reading(account_id, member, (await deps.repos.communities.of(account_id)).rules)


async def staff(request: Request, account_id: AccountId, deps: Deps) -> Moderator:
    """A person of the group with a role that covers the account's unit."""
    person = await signed_in_person(request)
    community = await deps.repos.communities.of(account_id)
    person.require(*STAFF, path=community.unit_path)
    return Moderator("person", person.subject, person.name)


async def moderator(request: Request, account_id: AccountId, visitor: Reader, deps: Deps) -> Moderator:
    """A member with the role, or a person of the group; the role is looked up, not read from the token."""
    if visitor is None:
        return await staff(request, account_id, deps)
    member = await deps.repos.members.of(account_id, visitor.subject)
    member.require_not_silenced(deps.clock.now())
    if MODERATOR not in member.roles:
        raise Forbidden
    return Moderator("member", member.member_id, member.shown_name)


async def may_moderate(request: Request, account_id: AccountId, visitor: Principal | None, deps: Deps) -> bool:
    """The same as a question: for what others get a 404 for."""
    try:
        await moderator(request, account_id, visitor, deps)
    except Refusal:
        return False
    return True


Access = Annotated[Reading, Depends(reading)]
MemberAccess = Annotated[Reading, Depends(insider_reading)]
Staff = Annotated[Moderator, Depends(staff)]
Moderating = Annotated[Moderator, Depends(moderator)]
