"""What a member who left had written is erased, some of it at a time, by the same writes as anybody's deletion."""

from __future__ import annotations

from datetime import datetime

from contracts.envelope import Event
from contracts.micro_community import PostRemoved, ReplyRemoved
from services.micro_community.domain.member import Member
from services.micro_community.domain.post import Post
from services.micro_community.domain.reply import Reply
from services.micro_community.ports import Desk, Erasures, Live, PictureFiles

MOST_AT_ONCE = 200
REASON = "账号注销"


async def erase_content(*, desk: Desk, erasures: Erasures, files: PictureFiles, live: Live, now: datetime) -> int:
    """One round. How many things were erased; 0: there is nothing left to do."""
    done = 0
    for member in await erasures.due(most=10):
        # They may have come back, or still read with an old session: what they marked is no longer theirs.
        async with live.marking(member.member_id):
            erased = await _round(member, desk, erasures, files, now)
            if not erased and not await erasures.unsettled(member):
                await erasures.finish(member)
        done += erased
    return done


async def _round(member: Member, desk: Desk, erasures: Erasures, files: PictureFiles, now: datetime) -> int:
    posts = await erasures.posts(member, most=MOST_AT_ONCE)
    for post in posts:
        await desk.posts.save(post.erased(now), _post_removed(post, now), now=now)
    replies = await erasures.replies(member, most=MOST_AT_ONCE)
    for reply in replies:
        await desk.replies.save(reply.erased(now), _reply_removed(reply, now), now=now)
    marks = await erasures.withdraw_marks(member, now, most=MOST_AT_ONCE)
    pictures = await erasures.pictures(member, most=MOST_AT_ONCE)
    for picture_id in pictures:
        await files.drop(picture_id)
        await erasures.drop_picture(picture_id)
    return len(posts) + len(replies) + marks + len(pictures)


def _post_removed(post: Post, now: datetime) -> Event:
    return PostRemoved(
        post_id=post.post_id,
        account_id=post.account_id,
        by="author",
        reason=REASON,
        was_visible=post.state == "visible",
        removed_at=now,
        topics=post.topics,
    )


def _reply_removed(reply: Reply, now: datetime) -> Event:
    return ReplyRemoved(
        reply_id=reply.reply_id,
        post_id=reply.post_id,
        account_id=reply.account_id,
        by="author",
        reason=REASON,
        was_visible=reply.state == "visible",
        removed_at=now,
    )
