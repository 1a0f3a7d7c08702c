"""Replies."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import ValidationError

from kit.door import usually
from kit.routes import Routes
from kit.web import OncePerCaller, PageQuery, once_of, signed_in_member
from services.micro_community.api.guards import (
    PROBLEMS,
    Access,
    AccountId,
    Deps,
    Insider,
    ItemId,
    MemberAccess,
    dependencies,
    insider,
    insider_reading,
)
from services.micro_community.api.usual import short_replies, usual_key
from services.micro_community.commands.announcing import told_of
from services.micro_community.commands.create_reply import CreateReply, create_reply
from services.micro_community.commands.delete_reply import DeleteReply, delete_reply
from services.micro_community.commands.note_reading import NoteReading, note_reading
from services.micro_community.commands.undelete_reply import UndeleteReply, undelete_reply
from services.micro_community.queries import posts, replies
from services.micro_community.queries.replies import Part
from services.micro_community.schemas.common import Done
from services.micro_community.schemas.people import PeopleView
from services.micro_community.schemas.posts import Reading as ReadingBody
from services.micro_community.schemas.replies import NewReply, OwnReplyPage, OwnReplyView, ReplyPage

router = Routes(tags=["replies"], responses=PROBLEMS)
Order = Annotated[Literal["oldest", "newest"], Query()]
Floor = Annotated[int | None, Query(ge=1, lt=2**31)]


async def wanted_part(page: PageQuery, order: Order = "oldest", from_floor: Floor = None) -> Part:
    """Which part of the replies."""
    return Part(page, order == "newest", from_floor)


@router.get("/{account_id}/posts/{post_id}/replies", response_model=ReplyPage)
@usually(short_replies)
async def list_replies(
    post_id: ItemId,
    access: Access,
    part: Annotated[Part, Depends(wanted_part)],
    deps: Deps,
    with_post: bool = False,
) -> Response:
    """Replies to the post, each with the first few of its thread; from a floor on, or behind the cursor.

    `with_post`: the post as well, so that a page that opens asks once.
    """
    text = await deps.pages.replies(post_id, access, part, with_post=with_post)
    return Response(text, media_type="application/json")


@router.get("/{account_id}/replies/{reply_id}/replies")
async def list_thread(reply_id: ItemId, access: Access, page: PageQuery, deps: Deps) -> ReplyPage:
    """The thread of a reply, oldest first."""
    return await replies.of_thread(deps.database, reply_id, access, page)


@router.get("/{account_id}/replies/{reply_id}/likes")
async def list_likers(account_id: AccountId, reply_id: ItemId, _: Access, page: PageQuery, deps: Deps) -> PeopleView:
    """Who likes the reply."""
    await deps.repos.replies.of(account_id, reply_id)
    return await posts.likers(deps.database, reply_id, page)


def short_reply(request: Request, body: bytes) -> Awaitable[Response] | None:
    """A reply whose body is in order."""
    key = usual_key(request)
    if key is None:
        return None
    try:
        sent = NewReply.model_validate_json(body)
    except ValidationError:
        return None
    return _short_reply(request, sent, key, body)


async def _short_reply(request: Request, sent: NewReply, key: str, body: bytes) -> Response:
    account_id, deps = request.path_params["account_id"], await dependencies(request)
    member = await insider(account_id, await signed_in_member(request))
    access = await insider_reading(account_id, member, deps)
    once = once_of(request, member.subject, key, body)
    view = await reply(request, request.path_params["post_id"], sent, access, once, deps)
    return Response(view.model_dump_json(), status_code=201, media_type="application/json")


@router.post("/{account_id}/posts/{post_id}/replies", status_code=201)
@usually(short_reply)
async def reply(
    request: Request,
    post_id: ItemId,
    body: NewReply,
    access: MemberAccess,
    once: OncePerCaller,
    deps: Deps,
) -> OwnReplyView:
    """Reply to the post, or to one of its replies; the same Idempotency-Key answers the same reply."""
    command = CreateReply(
        account_id=access.account_id,
        post_id=post_id,
        member_id=access.member_id,
        text=body.text,
        once=once,
        parent_reply_id=body.parent_reply_id,
        quote=body.quote,
        picture_ids=tuple(body.picture_ids),
        mentions=tuple(body.mentions),
        address=request.client.host if request.client else "",
    )
    now = deps.clock.now()
    written, author = await create_reply(command, desk=deps.desk, now=now)
    view = await replies.of_new(deps.database, written, author, access.rules)
    told = told_of(written, now)
    if told:
        people = {name: one.model_dump(mode="json") for name in ("author", "answered") if (one := getattr(view, name))}
        await deps.live.replied(access.account_id, told | people)
    else:
        await deps.live.stored("replies")
    return view


@router.delete("/{account_id}/replies/{reply_id}")
async def take_back_reply(
    account_id: AccountId, reply_id: ItemId, member: Insider, _: OncePerCaller, deps: Deps
) -> Done:
    """Delete one's own reply."""
    command = DeleteReply(account_id, reply_id, member.subject)
    await delete_reply(command, replies=deps.repos.replies, now=deps.clock.now())
    await deps.live.stored("replies")
    return Done()


@router.post("/{account_id}/replies/{reply_id}/undelete")
async def bring_back_reply(
    account_id: AccountId, reply_id: ItemId, member: Insider, _: OncePerCaller, deps: Deps
) -> Done:
    """Bring back one's own reply within ten minutes after deleting it."""
    await undelete_reply(UndeleteReply(account_id, reply_id, member.subject), desk=deps.desk, now=deps.clock.now())
    await deps.live.stored("replies")
    return Done()


@router.get("/{account_id}/me/replies")
async def list_own(access: MemberAccess, page: PageQuery, deps: Deps) -> OwnReplyPage:
    """The caller's own replies, the newest first, with what became of them."""
    return await replies.own(deps.database, access, page)


@router.put("/{account_id}/posts/{post_id}/reading")
async def have_read(
    post_id: ItemId, body: ReadingBody, access: MemberAccess, member: Insider, _: OncePerCaller, deps: Deps
) -> Done:
    """The caller has read the post up to this floor; `mine.unread` counts from there."""
    row = await posts.require(deps.database, post_id, access)
    command = NoteReading(access.account_id, member.subject, post_id, min(body.floor, row["floors"]))
    async with deps.live.marking(member.subject):
        await note_reading(command, notes=deps.repos.notes, now=deps.clock.now())
    return Done()
