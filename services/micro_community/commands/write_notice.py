"""A notification that nobody has read for a while is sent outside of the page, if its member wants that."""

from __future__ import annotations

from contracts.micro_community import FollowerNoticeWritten
from kit.transaction import Tx
from services.micro_community.domain.member import Member
from services.micro_community.domain.notice import Occasion, channel_of, fields_of
from services.micro_community.ports import Communities, Members, Notices, UnreadNotice


async def write_notice(
    tx: Tx, member_id: str, *, notices: Notices, members: Members, communities: Communities, page: str
) -> None:
    """One message stands for everything that waits: a member is not sent five for five replies. It tells of the
    newest that is still shown.

    `page` is the address of a post's page, with `{account_id}` and `{post_id}` in it.
    """
    waiting = await notices.put_aside(tx, member_id)
    member = await members.in_transaction(tx, member_id)
    if not waiting or member is None or not _reachable(member):
        return
    community = await communities.in_transaction(tx, member.account_id)
    channel = channel_of(community.rules) if community else None
    if community is None or channel is None:
        return
    rules = community.rules
    found = await _newest_shown(tx, waiting, notices, community.name)
    if found is None:
        return
    unread, occasion = found
    if channel == "subscription" and not await notices.spend(tx, member.member_id, rules.notice_template_id):
        return
    written = FollowerNoticeWritten.model_validate(
        {
            "notice_id": unread.notification_id,
            "account_id": unread.account_id,
            "openid": member.openid,
            "notice_channel": channel,
            "template_id": rules.notice_template_id,
            "page_url": page.format(account_id=unread.account_id, post_id=unread.post_id or "") + occasion.place,
            "fields": fields_of(rules, occasion),
            "written_at": tx.now,
        }
    )
    tx.emit(written)


async def _newest_shown(
    tx: Tx, waiting: list[UnreadNotice], notices: Notices, community: str
) -> tuple[UnreadNotice, Occasion] | None:
    for unread in waiting:
        occasion = await notices.occasion(tx, unread, community)
        if occasion is not None:
            return unread, occasion
    return None


def _reachable(member: Member) -> bool:
    """WeChat takes nothing for somebody who does not follow; who left is nobody."""
    return member.left_at is None and member.follows_account is not False
