"""Who wrote what, and who the members are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from kit.mongo import Database, Document
from kit.refusal import NotFound
from services.micro_community.domain.growth import level_of
from services.micro_community.domain.member import MODERATOR, Member
from services.micro_community.schemas.common import AuthorView
from services.micro_community.schemas.people import BoardView, CommunityView, NoticeOffer, PeopleView

GONE = "已注销用户"
SHOWN = {"nickname": 1, "avatar_url": 1, "roles": 1, "counts": 1, "left_at": 1}
MOST_SUGGESTED = 20


async def authors(database: Database, member_ids: Iterable[str | None]) -> dict[str, AuthorView]:
    """By member id. Nobody is missing: who left is shown as such."""
    wanted = sorted({member_id for member_id in member_ids if member_id})
    found = await _known(database, wanted)
    return {member_id: found.get(member_id) or gone(member_id) for member_id in wanted}


async def followers(database: Database, member_ids: Iterable[str]) -> dict[str, AuthorView]:
    """The same of people who write to the account: who has no file followed it before we were told of followers."""
    wanted = sorted(set(member_ids))
    found = await _known(database, wanted)
    return {member_id: found.get(member_id) or author({"_id": member_id}) for member_id in wanted}


async def _known(database: Database, wanted: list[str]) -> dict[str, AuthorView]:
    if not wanted:
        return {}
    rows = await database["members"].find({"_id": {"$in": wanted}}, SHOWN).to_list(None)
    return {row["_id"]: author(row) for row in rows}


def author(row: Document) -> AuthorView:
    if row.get("left_at"):
        return gone(row["_id"])
    shown = Member(row["_id"], "", "", nickname=row.get("nickname")).shown_name
    return AuthorView(
        member_id=row["_id"],
        nickname=shown,
        avatar_url=row.get("avatar_url"),
        moderator=MODERATOR in (row.get("roles") or ()),
        level=level_of((row.get("counts") or {}).get("points", 0)),
    )


def gone(member_id: str) -> AuthorView:
    return AuthorView(member_id=member_id, nickname=GONE, avatar_url=None)


async def community(database: Database, account_id: str, wechat_open_url: str) -> CommunityView:
    """Raises NotFound."""
    row = await database["communities"].find_one({"_id": account_id})
    if row is None:
        raise NotFound
    rules: dict[str, Any] = row.get("rules") or {}
    original_id = row.get("original_id", "")
    return CommunityView(
        account_id=account_id,
        name=row["name"],
        original_id=original_id,
        follow_code_url=f"{wechat_open_url}/qr/code?username={quote(original_id)}" if original_id else None,
        sign_in_ready=row["app_id"] is not None,
        guest_reading=rules.get("guest_reading", True),
        follow_first=rules.get("follow_first", False),
        edit_minutes=rules.get("edit_minutes", 30),
        notices=_offer(rules),
        boards=[BoardView(**board) for board in row["boards"]],
    )


def _offer(rules: Document) -> NoticeOffer | None:
    channel, template_id = rules.get("notice_channel", "none"), rules.get("notice_template_id", "")
    return NoticeOffer(channel=channel, template_id=template_id) if channel != "none" and template_id else None


async def official(database: Database, account_id: str) -> AuthorView:
    """The account as an author."""
    row = await database["communities"].find_one({"_id": account_id}, {"name": 1}) or {"name": ""}
    return AuthorView(member_id=None, nickname=row["name"], avatar_url=None, official=True)


async def suggest(database: Database, account_id: str, beginning: str) -> PeopleView:
    """Members whose name begins so: for @."""
    key = {"$regex": f"^{re.escape(beginning.casefold())}"}
    query = {"account_id": account_id, "name_key": key, "joined_at": {"$ne": None}, "left_at": None}
    rows = await database["members"].find(query, SHOWN).sort([("name_key", 1)]).to_list(MOST_SUGGESTED)
    return PeopleView(items=[author(row) for row in rows])
