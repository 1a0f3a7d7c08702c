"""What a member is told."""

from __future__ import annotations

from kit.routes import Routes
from kit.web import OncePerCaller, PageQuery
from services.micro_community.api.guards import PROBLEMS, AccountId, Deps, Insider, ItemId, MemberAccess
from services.micro_community.commands.mark_read import MarkRead, mark_read
from services.micro_community.commands.note_listed import NoteListed, note_listed
from services.micro_community.dependencies import Dependencies
from services.micro_community.queries import notifications, posts
from services.micro_community.queries.unread import unread_count
from services.micro_community.schemas.people import NotificationPage, ReadUpTo, UnreadView

router = Routes(tags=["notifications"], responses=PROBLEMS)


@router.get("/{account_id}/notifications")
async def list_notifications(account_id: AccountId, member: Insider, page: PageQuery, deps: Deps) -> NotificationPage:
    """Newest first, with the number of unread ones. What is listed is not sent outside of the page any more."""
    found = await notifications.listing(deps.database, member.subject, page)
    command = NoteListed(member.subject, tuple(one.notification_id for one in found.items))
    await note_listed(command, notifications=deps.repos.notifications)
    return found


@router.get("/{account_id}/notifications/unread")
async def count_unread(account_id: AccountId, member: Insider, deps: Deps) -> UnreadView:
    """How many notifications are unread, counted from the notifications themselves."""
    return UnreadView(unread=await unread_count(deps.database, member.subject))


@router.post("/{account_id}/notifications/read")
async def read_notifications(
    account_id: AccountId, body: ReadUpTo, member: Insider, _: OncePerCaller, deps: Deps
) -> UnreadView:
    """Mark as read what is not newer than `up_to`; answers what is left."""
    return await _read(MarkRead(account_id, member.subject, up_to=body.up_to), deps)


@router.post("/{account_id}/notifications/{notification_id}/read")
async def read_notification(
    account_id: AccountId, notification_id: ItemId, member: Insider, _: OncePerCaller, deps: Deps
) -> UnreadView:
    """Mark one as read; answers what is left."""
    return await _read(MarkRead(account_id, member.subject, notification_id=notification_id), deps)


@router.post("/{account_id}/posts/{post_id}/notifications/read")
async def read_about_post(post_id: ItemId, access: MemberAccess, _: OncePerCaller, deps: Deps) -> UnreadView:
    """The caller has opened the post: what they were told about it is read; answers what is left."""
    await posts.require(deps.database, post_id, access)
    return await _read(MarkRead(access.account_id, access.member_id, post_id=post_id), deps)


async def _read(command: MarkRead, deps: Dependencies) -> UnreadView:
    await mark_read(command, notifications=deps.repos.notifications, live=deps.live)
    return UnreadView(unread=await unread_count(deps.database, command.member_id))
