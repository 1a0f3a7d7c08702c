"""Posts."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import AwareDatetime

from kit.door import usually
from kit.routes import Routes
from kit.web import OncePerCaller, PageQuery
from services.micro_community.api.guards import PROBLEMS, Access, AccountId, Deps, Insider, ItemId, MemberAccess
from services.micro_community.api.usual import short_feed
from services.micro_community.commands.cast_vote import CastVote, cast_vote
from services.micro_community.commands.create_post import CreatePost, NewPoll, create_post
from services.micro_community.commands.delete_post import DeletePost, delete_post
from services.micro_community.commands.edit_post import EditPost, edit_post
from services.micro_community.commands.undelete_post import UndeletePost, undelete_post
from services.micro_community.queries import posts, search
from services.micro_community.queries.feeds import FeedName, Wanted
from services.micro_community.schemas.common import Done
from services.micro_community.schemas.people import PeopleView
from services.micro_community.schemas.posts import (
    EditedPost,
    FoundPage,
    NewPost,
    PostPage,
    PostView,
    RevisionList,
    Vote,
)

router = Routes(tags=["posts"], responses=PROBLEMS)
IdQuery = Annotated[str | None, Query(max_length=64)]
TopicQuery = Annotated[str | None, Query(max_length=60)]


async def wanted_posts(
    account_id: AccountId,
    feed: FeedName = "latest",
    board_id: IdQuery = None,
    topic: TopicQuery = None,
    author_id: IdQuery = None,
) -> Wanted:
    """A feed, narrowed by board, topic and author."""
    return Wanted(account_id, feed, board_id, topic, author_id)


async def editing(request: Request, account_id: AccountId, post_id: ItemId, member: Insider) -> EditPost:
    """Who changes which post, from where."""
    return EditPost(account_id, post_id, member.subject, address=request.client.host if request.client else "")


async def asked(
    q: Annotated[str, Query(min_length=1, max_length=60)],
    board_id: IdQuery = None,
    topic: TopicQuery = None,
    author_id: IdQuery = None,
    since: AwareDatetime | None = None,
    pictured: bool | None = None,
) -> search.Question:
    """What is searched for, and among what."""
    return search.Question(q, board_id, topic, author_id, since, pictured)


@router.get("/{account_id}/posts", response_model=PostPage)
@usually(short_feed)
async def list_posts(
    wanted: Annotated[Wanted, Depends(wanted_posts)], access: Access, page: PageQuery, deps: Deps
) -> Response:
    """A feed: latest, hot, featured, pinned, or of what the caller follows; narrowed by board, topic, author."""
    return Response(await deps.pages.feed(wanted, access, page), media_type="application/json")


@router.get("/{account_id}/search")
async def search_posts(
    question: Annotated[search.Question, Depends(asked)], access: Access, page: PageQuery, deps: Deps
) -> FoundPage:
    """Posts that have every word, with the places of the hits."""
    return await search.find(deps.database, question, access, page, deps.words)


@router.get("/{account_id}/me/posts")
async def list_own(access: MemberAccess, page: PageQuery, deps: Deps) -> PostPage:
    """The caller's own posts, with those that wait, are scheduled, or were taken down."""
    return await posts.own(deps.database, access, page)


@router.get("/{account_id}/favourites")
async def list_favourites(access: MemberAccess, page: PageQuery, deps: Deps) -> PostPage:
    """What the caller keeps."""
    return await posts.favourites(deps.database, access, page)


@router.post("/{account_id}/posts", status_code=201)
async def open_post(
    request: Request, body: NewPost, access: MemberAccess, member: Insider, once: OncePerCaller, deps: Deps
) -> PostView:
    """Open a post; the same Idempotency-Key answers the same post. It may have to wait: see `state`."""
    command = CreatePost(
        account_id=access.account_id,
        member_id=member.subject,
        text=body.text,
        once=once,
        title=body.title,
        board_id=body.board_id,
        picture_ids=tuple(body.picture_ids),
        mentions=tuple(body.mentions),
        quoted_post_id=body.quoted_post_id,
        poll=_poll(body),
        publish_at=body.publish_at,
        address=request.client.host if request.client else "",
    )
    post, _ = await create_post(command, desk=deps.desk, now=deps.clock.now())
    await deps.live.stored("posts")
    return await posts.one(deps.database, post.post_id, access)


@router.get("/{account_id}/posts/{post_id}")
async def get_post(post_id: ItemId, access: Access, deps: Deps) -> PostView:
    """One post."""
    return await posts.one(deps.database, post_id, access)


@router.put("/{account_id}/posts/{post_id}")
async def change_post(
    edit: Annotated[EditPost, Depends(editing)], body: EditedPost, access: MemberAccess, _: OncePerCaller, deps: Deps
) -> PostView:
    """Change one's own post within the time that the rules allow."""
    command = replace(edit, title=body.title, text=body.text)
    await edit_post(command, desk=deps.desk, now=deps.clock.now())
    await deps.live.stored("posts")
    return await posts.one(deps.database, command.post_id, access)


@router.delete("/{account_id}/posts/{post_id}")
async def take_back_post(account_id: AccountId, post_id: ItemId, member: Insider, _: OncePerCaller, deps: Deps) -> Done:
    """Delete one's own post."""
    command = DeletePost(account_id, post_id, member.subject)
    await delete_post(command, posts=deps.repos.posts, now=deps.clock.now())
    await deps.live.stored("posts")
    return Done()


@router.post("/{account_id}/posts/{post_id}/undelete")
async def bring_back_post(
    account_id: AccountId, post_id: ItemId, member: Insider, _: OncePerCaller, deps: Deps
) -> Done:
    """Bring back one's own post within ten minutes after deleting it."""
    await undelete_post(UndeletePost(account_id, post_id, member.subject), desk=deps.desk, now=deps.clock.now())
    await deps.live.stored("posts")
    return Done()


@router.get("/{account_id}/posts/{post_id}/revisions")
async def list_revisions(post_id: ItemId, access: Access, deps: Deps) -> RevisionList:
    """What the post said before it was edited."""
    return await posts.revisions(deps.database, post_id, access)


@router.get("/{account_id}/posts/{post_id}/likes")
async def list_likers(post_id: ItemId, access: Access, page: PageQuery, deps: Deps) -> PeopleView:
    """Who likes the post."""
    await posts.require(deps.database, post_id, access)
    return await posts.likers(deps.database, post_id, page)


@router.post("/{account_id}/posts/{post_id}/vote")
async def vote(
    post_id: ItemId, body: Vote, access: MemberAccess, member: Insider, _: OncePerCaller, deps: Deps
) -> Done:
    """Vote in the post's poll, once. The counters follow in a moment."""
    command = CastVote(access.account_id, post_id, member.subject, tuple(body.choices))
    async with deps.live.marking(member.subject):
        await cast_vote(command, desk=deps.desk, records=deps.repos.records, now=deps.clock.now())
    await deps.live.stored("votes")
    return Done()


def _poll(body: NewPost) -> NewPoll | None:
    wanted = body.poll
    return NewPoll(tuple(wanted.options), wanted.multiple, wanted.closes_at) if wanted else None
