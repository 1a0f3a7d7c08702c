"""Likes, favourites, follows: PUT says yes, DELETE says no; saying it twice is saying it once."""

from __future__ import annotations

from contracts.micro_community import FollowedKind
from kit.routes import Routes
from kit.web import OncePerCaller
from services.micro_community.api.guards import PROBLEMS, AccountId, Deps, Insider, ItemId
from services.micro_community.commands.set_favourite import SetFavourite, set_favourite
from services.micro_community.commands.set_follow import SetFollow, set_follow
from services.micro_community.commands.set_like import SetLike, set_like
from services.micro_community.dependencies import Dependencies
from services.micro_community.schemas.common import Done

router = Routes(tags=["marks"], responses=PROBLEMS)


@router.put("/{account_id}/posts/{item_id}/like")
async def like_post(account_id: AccountId, item_id: ItemId, member: Insider, _: OncePerCaller, deps: Deps) -> Done:
    return await _like(deps, SetLike(account_id, member.subject, "post", item_id, True))


@router.delete("/{account_id}/posts/{item_id}/like")
async def unlike_post(account_id: AccountId, item_id: ItemId, member: Insider, _: OncePerCaller, deps: Deps) -> Done:
    return await _like(deps, SetLike(account_id, member.subject, "post", item_id, False))


@router.put("/{account_id}/replies/{item_id}/like")
async def like_reply(account_id: AccountId, item_id: ItemId, member: Insider, _: OncePerCaller, deps: Deps) -> Done:
    return await _like(deps, SetLike(account_id, member.subject, "reply", item_id, True))


@router.delete("/{account_id}/replies/{item_id}/like")
async def unlike_reply(account_id: AccountId, item_id: ItemId, member: Insider, _: OncePerCaller, deps: Deps) -> Done:
    return await _like(deps, SetLike(account_id, member.subject, "reply", item_id, False))


@router.put("/{account_id}/posts/{item_id}/favourite")
async def keep(account_id: AccountId, item_id: ItemId, member: Insider, _: OncePerCaller, deps: Deps) -> Done:
    return await _favourite(deps, SetFavourite(account_id, member.subject, item_id, True))


@router.delete("/{account_id}/posts/{item_id}/favourite")
async def drop(account_id: AccountId, item_id: ItemId, member: Insider, _: OncePerCaller, deps: Deps) -> Done:
    return await _favourite(deps, SetFavourite(account_id, member.subject, item_id, False))


@router.put("/{account_id}/follows/{kind}/{followed_id}")
async def follow(
    account_id: AccountId, kind: FollowedKind, followed_id: str, member: Insider, _: OncePerCaller, deps: Deps
) -> Done:
    """Follow a member, a topic (by name), or a post."""
    return await _follow(deps, SetFollow(account_id, member.subject, kind, followed_id[:64], True))


@router.delete("/{account_id}/follows/{kind}/{followed_id}")
async def unfollow(
    account_id: AccountId, kind: FollowedKind, followed_id: str, member: Insider, _: OncePerCaller, deps: Deps
) -> Done:
    return await _follow(deps, SetFollow(account_id, member.subject, kind, followed_id[:64], False))


async def _like(deps: Dependencies, command: SetLike) -> Done:
    async with deps.live.marking(command.member_id):
        changed = await set_like(command, desk=deps.desk, marks=deps.repos.marks, now=deps.clock.now())
    return await _done(deps, changed, "likes")


async def _favourite(deps: Dependencies, command: SetFavourite) -> Done:
    async with deps.live.marking(command.member_id):
        changed = await set_favourite(command, desk=deps.desk, marks=deps.repos.marks, now=deps.clock.now())
    return await _done(deps, changed, "favourites")


async def _follow(deps: Dependencies, command: SetFollow) -> Done:
    async with deps.live.marking(command.member_id):
        changed = await set_follow(command, desk=deps.desk, marks=deps.repos.marks, now=deps.clock.now())
    return await _done(deps, changed, "follows")


async def _done(deps: Dependencies, changed: bool, collection: str) -> Done:
    if changed:
        await deps.live.stored(collection)
    return Done(changed=changed)
