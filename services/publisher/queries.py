"""Reads: documents → schemas, no domain objects in between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kit.mongo import Database, Document
from kit.web import CursorInvalid, Page, write_cursor
from services.publisher.domain.content import pictures_in
from services.publisher.schemas import (
    AccountDetail,
    Accounts,
    AccountView,
    CalendarDayView,
    Issues,
    IssueSummary,
    IssueView,
    Mandates,
    MandateView,
    MassSends,
    MassSendSummary,
    MassSendView,
)

MOST_DAYS = 400
Order = tuple[tuple[str, int], ...]
BY_ID: Order = (("_id", 1),)
NEWEST_FIRST: Order = (("_id", -1),)
NEWEST_ORDER_FIRST: Order = (("ordered_at", -1), ("_id", -1))
SOONEST_DUE_LAST: Order = (("due_at", -1), ("_id", -1))


@dataclass(frozen=True)
class Listing:
    """What of a collection is wanted: below which unit paths, with which values of fields, and which page of it."""

    paths: Sequence[str]
    equal: Document
    page: Page


@dataclass(frozen=True)
class Queries:
    """All that can be read of accounts, issues, mass sends and mandates."""

    database: Database
    public_url: str

    async def unit_path(self, collection: str, key: str) -> str | None:
        """Whose it is: what permission to see it depends on."""
        row = await self.database[collection].find_one({"_id": key}, {"unit_path": 1})
        return None if row is None else str(row["unit_path"])

    async def account(self, account_id: str) -> AccountDetail | None:
        row = await self.database["accounts"].find_one({"_id": account_id})
        if row is None:
            return None
        followers = await self.database["followers"].count_documents({"account_id": account_id, "following": True})
        return AccountDetail(**self._account(row), menu=row["menu"], follower_count=followers)

    async def accounts(self, listing: Listing) -> Accounts:
        rows, cursor = await self._rows("accounts", listing, BY_ID)
        return Accounts(items=tuple(AccountView(**self._account(row)) for row in rows), next_cursor=cursor)

    async def issue(self, issue_id: str) -> IssueView | None:
        row = await self.database["issues"].find_one({"_id": issue_id})
        return None if row is None else IssueView(**_issue(row))

    async def issues(self, listing: Listing) -> Issues:
        rows, cursor = await self._rows("issues", listing, NEWEST_FIRST)
        return Issues(items=tuple(IssueSummary(**_issue_summary(row)) for row in rows), next_cursor=cursor)

    async def mass_send(self, mass_send_id: str) -> MassSendView | None:
        row = await self.database["mass_sends"].find_one({"_id": mass_send_id})
        return None if row is None else MassSendView(**_mass_send(row))

    async def mass_sends(self, listing: Listing) -> MassSends:
        rows, cursor = await self._rows("mass_sends", listing, NEWEST_ORDER_FIRST)
        return MassSends(items=tuple(MassSendSummary(**_mass_send_summary(row)) for row in rows), next_cursor=cursor)

    async def mandate(self, mandate_id: str) -> MandateView | None:
        row = await self.database["mandates"].find_one({"_id": mandate_id})
        return None if row is None else _mandate(row)

    async def mandates(self, listing: Listing) -> Mandates:
        rows, cursor = await self._rows("mandates", listing, SOONEST_DUE_LAST)
        return Mandates(items=tuple(_mandate(row) for row in rows), next_cursor=cursor)

    async def calendar_days(self, first: date, last: date) -> dict[date, CalendarDayView]:
        """The days that people entered."""
        query = {"_id": {"$gte": first.isoformat(), "$lte": last.isoformat()}}
        rows = await self.database["calendar_days"].find(query).to_list(MOST_DAYS)
        views = [
            CalendarDayView(day=row["_id"], working=row["working"], source="entered", note=row["note"]) for row in rows
        ]
        return {view.day: view for view in views}

    async def _rows(self, collection: str, listing: Listing, order: Order) -> tuple[list[Document], str | None]:
        """A page of rows, and the cursor of the next one, if there is one."""
        page = listing.page
        query: Document = {"$and": [_below(listing.paths), listing.equal, _after(page, order)]}
        found = self.database[collection].find(query).sort(list(order)).limit(page.limit + 1)
        rows: list[Document] = await found.to_list(page.limit + 1)
        if len(rows) <= page.limit:
            return rows, None
        last = rows[page.limit - 1]
        return rows[: page.limit], write_cursor(*(last[name] for name, _ in order))

    def _account(self, row: Document) -> Document:
        credentials = row["credentials"]
        return {
            **{name: row[name] for name in ("name", "unit_path", "kind", "verified", "is_group_account")},
            **{name: row[name] for name in ("original_id", "token_held_at", "callback_seen_at", "menu_read_at")},
            **{name: row[name] for name in ("menu_digest", "connected_at", "failure", "connection")},
            "account_id": row["_id"],
            "app_id": credentials["app_id"] if credentials else None,
            "next_check_at": row["check_at"],
            "callback_url": f"{self.public_url}/publisher/wechat/{row['_id']}/callback",
        }


def _issue_summary(row: Document) -> Document:
    content = row["content"]
    return {
        **{name: row[name] for name in ("account_id", "unit_path", "state", "revision", "mandate_id")},
        **{name: row[name] for name in ("mass_send_id", "author_id", "last_editor_id", "created_at", "updated_at")},
        "issue_id": row["_id"],
        "titles": [article["title"] for article in content["articles"]],
        "send_at": content["send_at"],
        "major_group_news": content["major_group_news"],
    }


def _issue(row: Document) -> Document:
    content = row["content"]
    articles = [{**one, "pictures": pictures_in(one["content_html"])[0]} for one in content["articles"]]
    return {
        **_issue_summary(row),
        **{name: row[name] for name in ("digest", "submission", "decision", "setback")},
        "articles": articles,
        "tag_id": content["tag_id"],
        "send_ignore_reprint": content["send_ignore_reprint"],
    }


def _mass_send_summary(row: Document) -> Document:
    return {
        **{name: row[name] for name in ("issue_id", "account_id", "unit_path", "state", "ordered_at", "send_at")},
        **{name: row[name] for name in ("sent_at", "code", "detail")},
        "mass_send_id": row["_id"],
        "titles": [article["title"] for article in row["payload"]["articles"]],
    }


def _mass_send(row: Document) -> Document:
    window, result = row["window"], row["result"] or {}
    urls = result.get("urls", [])
    articles = [
        {"index": number, "title": one["title"], "cover": one["cover"], "url": _at(urls, number)}
        for number, one in enumerate(row["payload"]["articles"], 1)
    ]
    return {
        **_mass_send_summary(row),
        **{name: row[name] for name in ("digest", "mandate_id", "client_msg_id", "timeline")},
        **{name: window[name] for name in ("permit_id", "case_id", "not_before", "not_after")},
        "msg_id": _number(row["msg_id"]),
        "msg_data_id": _number(row["msg_data_id"]),
        "receipt": result.get("receipt"),
        "articles": articles,
        "trace_id": row["trace"].split("-")[1] if row["trace"] else None,
    }


def _mandate(row: Document) -> MandateView:
    return MandateView(**{**{name: row[name] for name in row if name != "_id"}, "mandate_id": row["_id"]})


def _at(urls: Sequence[str], number: int) -> str:
    return urls[number - 1] if number <= len(urls) else ""


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _below(paths: Sequence[str]) -> Document:
    """At one of the paths of the tree, or below it."""
    if "/" in paths:
        return {}
    if not paths:
        return {"_id": {"$in": []}}
    alternatives = "|".join(re.escape(path.rstrip("/")) for path in paths)
    return {"unit_path": {"$regex": f"^(?:{alternatives})(?:/|$)"}}


def _after(page: Page, order: Order) -> Document:
    if page.after is None:
        return {}
    if len(page.after) != len(order):
        raise CursorInvalid
    steps: list[Document] = []
    for position, (name, direction) in enumerate(order):
        same: dict[str, Any] = {earlier: page.after[at] for at, (earlier, _) in enumerate(order[:position])}
        steps.append({**same, name: {"$gt" if direction > 0 else "$lt": page.after[position]}})
    return {"$or": steps}
