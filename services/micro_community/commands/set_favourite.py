"""A member keeps a post among the favourites, or drops it. Saying it twice is saying it once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.micro_community import (
    FavouriteAdded,
    FavouriteDropped,
)
from kit.ids import derived_id
from services.micro_community.ports import Desk, Marking, Marks


@dataclass(frozen=True)
class SetFavourite:
    account_id: str
    member_id: str
    post_id: str
    on: bool


async def set_favourite(command: SetFavourite, *, desk: Desk, marks: Marks, now: datetime) -> bool:
    """True if it changed something.

    Raises:
        MemberGone, Banned, NotFound
    """
    (await desk.members.writing(command.account_id, command.member_id)).require_not_banned()
    await desk.posts.of(command.account_id, command.post_id)
    favourite_id = derived_id("favourite", command.post_id, command.member_id)
    fields = {"account_id": command.account_id, "member_id": command.member_id, "post_id": command.post_id}
    on = FavouriteAdded(favourite_id=favourite_id, added_at=now, **fields)
    off = FavouriteDropped(favourite_id=favourite_id, dropped_at=now, **fields)
    return await marks.turn("favourites", Marking(favourite_id, fields, on, off), on=command.on, now=now)
