"""Chats of an account, and what was said in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.web import Page
from services.micro_community.domain.chat import ANSWERABLE_FOR, AT_DESK_FOR, is_open
from services.micro_community.domain.member import member_id_of
from services.micro_community.domain.rules import Rules
from services.micro_community.queries.pages import behind, cut
from services.micro_community.queries.people import followers
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

MOST_COLLEAGUES = 100
MOST_COUNTED = 100


@dataclass(frozen=True)
class AtDesk:
    """Who looks, under which rules, and when."""

    person_id: str
    rules: Rules
    now: datetime


async def listing(database: Database, account_id: str, state: str, page: Page, looking: AtDesk) -> ChatPage:
    """The latest first."""
    query: Document = {"account_id": account_id, "state": state, **behind(page, key="last_at")}
    cursor = database["chats"].find(query).sort([("last_at", -1), ("_id", -1)])
    rows, next_cursor = cut(await cursor.limit(page.limit + 1).to_list(None), page.limit, "last_at")
    open_to_all: Document = {"account_id": account_id, "state": "waiting"}
    own = {"account_id": account_id, "state": "assigned", "person_id": looking.person_id, "unanswered": {"$gt": 0}}
    return ChatPage(
        items=await _shown(database, account_id, rows),
        next_cursor=next_cursor,
        open_now=is_open(looking.rules, looking.now),
        waiting=await database["chats"].count_documents(open_to_all, limit=MOST_COUNTED),
        yours=await database["chats"].count_documents(own, limit=MOST_COUNTED),
    )


async def _shown(database: Database, account_id: str, rows: list[Document]) -> list[ChatView]:
    people = await followers(database, (member_id_of(account_id, row["openid"]) for row in rows))
    same = ("state", "person_id", "person_name", "last_text", "last_at", "unanswered")
    return [
        ChatView(
            chat_id=row["_id"],
            follower=people[member_id_of(account_id, row["openid"])],
            answerable_until=row["heard_at"] + ANSWERABLE_FOR,
            undelivered=row.get("undelivered", False),
            **{name: row[name] for name in same},
        )
        for row in rows
    ]


async def transcript(database: Database, account_id: str, chat_id: str, page: Page) -> Transcript:
    """What was said, the newest first. Raises NotFound."""
    chat = await database["chats"].find_one({"_id": chat_id, "account_id": account_id})
    if chat is None:
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
    [shown] = await _shown(database, account_id, [chat])
    return Transcript(chat=shown, items=items, next_cursor=next_cursor)


async def colleagues(database: Database, account_id: str, now: datetime) -> ColleagueList:
    """Who looked at the list of chats a moment ago."""
    query = {"account_id": account_id, "at": {"$gt": now - AT_DESK_FOR}}
    rows = await database["desk_presences"].find(query).sort([("at", -1)]).limit(MOST_COLLEAGUES).to_list(None)
    return ColleagueList(items=[ColleagueView(person_id=row["person_id"], name=row["name"]) for row in rows])


async def canned_answers(database: Database, account_id: str) -> CannedAnswerList:
    rows = await database["canned_answers"].find({"account_id": account_id}).sort([("title", 1)]).to_list(500)
    items = [CannedAnswerView(answer_id=row["_id"], title=row["title"], text=row["text"]) for row in rows]
    return CannedAnswerList(items=items)
