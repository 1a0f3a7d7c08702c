"""A member shared something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contracts.micro_community import ContentShared
from kit.ids import new_id
from kit.transaction import Tx
from services.micro_community.ports import Posts, Visits


@dataclass(frozen=True)
class CountShare:
    account_id: str
    member_id: str
    post_id: str | None
    channel: Literal["chat", "moments", "poster", "wechat", "link", "system"]


async def count_share(tx: Tx, command: CountShare, *, visits: Visits, posts: Posts) -> None:
    """Raises:
    NotFound: there is no such post in this community.
    """
    if command.post_id is not None:
        (await posts.find(command.account_id, command.post_id, tx=tx)).require_seen_by(command.member_id)
    await visits.count(tx, command.account_id, "shares", by=command.channel)
    tx.emit(
        ContentShared(
            share_id=new_id(),
            account_id=command.account_id,
            member_id=command.member_id,
            post_id=command.post_id,
            channel=command.channel,
            shared_at=tx.now,
        )
    )
