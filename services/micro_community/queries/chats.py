"""Chats of an account, and what was said in them."""

from __future__ import annotations

from datetime import datetime, timedelta

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.web import Page
from services.micro_community.domain.chat import ANSWERABLE_FOR, is_open
from services.micro_community.domain.member import member_id_of
from services.micro_community.domain.rules import Rules
from services.micro_community.queries.pages import behind, cut
from services.micro_community.queries.people import authors
from services.micro_community.schemas.chats import (
    CannedAnswerList,
    CannedAnswerView,
    ChatLineView,
    ChatPage,
    ChatView,
    ColleagueList,
    ColleagueView,
    Transcript,
)

AT_DESK_FOR = timedelta(minutes=5)
MOST_COLLEAGUES = 100


async def listing(
    database: Database, account_id: str, state: str, page: Page, moment: tuple[Rules, datetime]
) -> ChatPage:
    """The latest first."""
    query: Document = {"account_id": account_id, "state": state, **behind(page, key="last_at")}
    cursor = database["chats"].find(query).sort([("last_at", -1), ("_id", -1)])
    rows, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit, "last_at")
    people = await authors(database, (member_id_of(account_id, row["openid"]) for row in rows))
    items = []
    for row in rows:
        member_id = member_id_of(account_id, row["openid"])
        same = ("state", "person_id", "person_name", "last_text", "last_at", "unanswered")
        items.append(
            ChatView(
                chat_id=row["_id"],
                follower=people[member_id],
                answerable_until=row["heard_at"] + ANSWERABLE_FOR,
                **{name: row[name] for name in same},
            )
        )
    return ChatPage(items=items, next_cursor=next_cursor, open_now=is_open(*moment))


async def transcript(database: Database, account_id: str, chat_id: str, page: Page) -> Transcript:
    """What was said, the newest first. Raises NotFound."""
    if await database["chats"].find_one({"_id": chat_id, "account_id": account_id}, {"_id": 1}) is None:
        raise NotFound
    query: Document = {"chat_id": chat_id, **behind(page, key="at")}
    cursor = database["chat_lines"].find(query).sort([("at", -1), ("_id", -1)])
    rows, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit, "at")
    names = ("by", "person_id", "text", "at")
    items = [
        ChatLineView(
            message_id=row["_id"],
            delivery=row.get("delivery"),
            delivery_detail=row.get("delivery_detail", ""),
            **{name: row[name] for name in names},
        )
        for row in rows
    ]
    return Transcript(items=items, next_cursor=next_cursor)


async def colleagues(database: Database, account_id: str, now: datetime) -> ColleagueList:
    """Who looked at the list of chats a moment ago."""
    query = {"account_id": account_id, "at": {"$gt": now - AT_DESK_FOR}}
    rows = await database["desk_presences"].find(query).sort([("at", -1)]).limit(MOST_COLLEAGUES).to_list(None)
    return ColleagueList(items=[ColleagueView(person_id=row["person_id"], name=row["name"]) for row in rows])


async def canned_answers(database: Database, account_id: str) -> CannedAnswerList:
    rows = await database["canned_answers"].find({"account_id": account_id}).sort([("title", 1)]).to_list(500)
    items = [CannedAnswerView(answer_id=row["_id"], title=row["title"], text=row["text"]) for row in rows]
    return CannedAnswerList(items=items)
