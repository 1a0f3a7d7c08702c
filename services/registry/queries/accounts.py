"""The ledger and its findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.web import Page
from services.registry.domain.accounts import AccountState
from services.registry.domain.findings import FindingState
from services.registry.domain.words import AccountKind
from services.registry.queries.filings import filing_view
from services.registry.queries.listing import BY_ID, list_page, within
from services.registry.schemas.responses import AccountSummary, AccountView, FindingView, Listing

MOST_SHOWN = 100


async def list_accounts(
    database: Database,
    paths: Sequence[str],
    page: Page,
    *,
    state: AccountState | None = None,
    kind: AccountKind | None = None,
) -> Listing[AccountSummary]:
    """Accounts at or below the paths, the newest first."""
    conditions = [within(paths, "details.unit_path")]
    conditions += [{"state": state}] if state else []
    conditions += [{"details.kind": kind}] if kind else []
    query: Document = {"$and": conditions}
    found = await list_page(database["official_accounts"], query, page, BY_ID, lambda document: document)
    counts = await _open_findings(database, [document["_id"] for document in found.items])
    items = tuple(_summary(document, counts.get(document["_id"], 0)) for document in found.items)
    return Listing(items=items, next_cursor=found.next_cursor)


async def show_account(database: Database, paths: Sequence[str], account_id: str) -> AccountView:
    """Raises NotFound: there is none, or the caller may not see it."""
    seen = within(paths, "details.unit_path")
    document = await database["official_accounts"].find_one({"$and": [{"_id": account_id}, seen]})
    if document is None:
        raise NotFound
    findings = await database["findings"].find({"account_id": account_id}).sort([("_id", -1)]).to_list(MOST_SHOWN)
    filings = await database["filings"].find({"subject_id": account_id}).sort([("_id", 1)]).to_list(MOST_SHOWN)
    opened = sum(1 for finding in findings if finding["state"] == "open")
    return AccountView.model_validate(
        _summary(document, opened).model_dump()
        | {name: document[name] for name in ("application_id", "registered_by", "custody", "connection", "activity")}
        | {"intro": document["details"]["intro"], "connection_failure": document["failure"]}
        | {"filings": [filing_view(filing) for filing in filings]}
        | {"findings": [finding_view(finding) for finding in findings]}
    )


async def list_findings(
    database: Database, paths: Sequence[str], page: Page, *, state: FindingState | None = None
) -> Listing[FindingView]:
    """Findings at or below the paths, the newest first."""
    query: Document = {"$and": [within(paths, "unit_path"), {"state": state} if state else {}]}
    return await list_page(database["findings"], query, page, BY_ID, finding_view)


async def quiet_accounts(database: Database, before: datetime, *, most: int) -> list[str]:
    """Ids of accounts that were last heard of before that and have no open finding of it."""
    known = await database["findings"].distinct("account_id", {"rule": "dormancy", "state": "open"})
    query = {"active_since": {"$lte": before}, "_id": {"$nin": known}}
    rows = await database["official_accounts"].find(query, {"_id": 1}).sort([("active_since", 1)]).to_list(most)
    return [row["_id"] for row in rows]


def finding_view(finding: Document) -> FindingView:
    return FindingView.model_validate({**finding, "finding_id": finding["_id"]})


async def _open_findings(database: Database, account_ids: list[str]) -> dict[str, int]:
    pipeline: list[Document] = [
        {"$match": {"account_id": {"$in": account_ids}, "state": "open"}},
        {"$group": {"_id": "$account_id", "count": {"$sum": 1}}},
    ]
    rows = await database["findings"].aggregate(pipeline).to_list(len(account_ids) or 1)
    return {row["_id"]: int(row["count"]) for row in rows}


def _summary(document: Document, open_findings: int) -> AccountSummary:
    activity = document["activity"]
    return AccountSummary.model_validate(
        document["details"]
        | {name: document[name] for name in ("state", "filing_number", "registered_at")}
        | {"account_id": document["_id"], "open_findings": open_findings}
        | {"last_active_at": activity["last_active_at"] if activity else None}
    )
