"""A notification that nobody has read for a while is sent outside of the page, if its member wants that."""

from __future__ import annotations

from contracts.micro_community import FollowerNoticeWritten
from kit.transaction import Tx
from services.micro_community.domain.member import Member
from services.micro_community.domain.notice import channel_of, fields_of
from services.micro_community.ports import Communities, Members, Notices, UnreadNotice


async def write_notice(
    tx: Tx, unread: UnreadNotice, *, notices: Notices, members: Members, communities: Communities, page: str
) -> None:
    """One message stands for everything that waits: a member is not sent five for five replies.

    `page` is the address of a post's page, with `{account_id}` and `{post_id}` in it.
    """
    if not await notices.put_aside(tx, unread.member_id):
        return
    member = await members.in_transaction(tx, unread.member_id)
    community = await communities.in_transaction(tx, unread.account_id)
    if member is None or community is None or not _reachable(member):
        return
    rules, channel = community.rules, channel_of(community.rules)
    occasion = await notices.occasion(tx, unread, community.name)
    if channel is None or occasion is None:
        return
    if channel == "subscription" and not await notices.spend(tx, member.member_id, rules.notice_template_id):
        return
    written = FollowerNoticeWritten.model_validate(
        {
            "notice_id": unread.notification_id,
            "account_id": unread.account_id,
            "openid": member.openid,
            "notice_channel": channel,
            "template_id": rules.notice_template_id,
            "page_url": page.format(account_id=unread.account_id, post_id=unread.post_id or ""),
            "fields": fields_of(rules, occasion),
            "written_at": tx.now,
        }
    )
    tx.emit(written)


def _reachable(member: Member) -> bool:
    """WeChat takes nothing for somebody who does not follow; who left is nobody."""
    return member.left_at is None and member.follows_account is not False
