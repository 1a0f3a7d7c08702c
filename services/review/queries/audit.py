"""The audit chain: read, and recomputed."""

from __future__ import annotations

import re
from typing import Any

from contracts.permit import UncanonicalPayload
from kit.mongo import Database, Document
from kit.web import CursorInvalid, Page, write_cursor
from services.review.domain.audit import FIRST_LINK, link
from services.review.queries.names import names_of
from services.review.schemas import AuditEntry, AuditPage, AuditVerification

BATCH = 500
MOST_SEQUENCE = 2**63  # BSON holds no greater integer
TEXTS = {
    "missing": "审计链断裂：缺少一条记录。",
    "changed": "审计链断裂：一条记录的内容被改动。",
    "unlinked": "审计链断裂：一条记录与前一条不相连。",
    "short": "审计链断裂：末尾的记录被删除。",
    "surplus": "审计链断裂：末尾有不属于本链的记录。",
}


async def list_audit(database: Database, paths: tuple[str, ...], case_id: str | None, page: Page) -> AuditPage:
    """Entries about the units at the paths and below them, the newest first.

    Raises:
        CursorInvalid
    """
    below = [re.escape(path.rstrip("/")) + "(/|$)" for path in paths]
    query: Document = {"entry.unit_path": {"$regex": f"^({'|'.join(below)})"}}
    if case_id is not None:
        query["entry.case_id"] = case_id
    if page.after is not None:
        query["_id"] = {"$lt": _position(page.after)}
    rows = await database["audit"].find(query).sort("_id", -1).limit(page.limit + 1).to_list(page.limit + 1)
    shown = rows[: page.limit]
    names = await names_of(database, {row["entry"].get("actor_id") for row in shown} - {None})
    return AuditPage(
        items=[
            AuditEntry(
                sequence=row["_id"],
                entry=row["entry"],
                actor_name=names.known.get(row["entry"].get("actor_id")),
                previous=row["previous"],
                hash=row["hash"],
            )
            for row in shown
        ],
        next_cursor=write_cursor(shown[-1]["_id"]) if len(rows) > page.limit else None,
    )


async def verify_audit(database: Database) -> AuditVerification:
    """Recompute every hash from the first entry to the head, and say where the chain breaks first.

    Entries that are appended meanwhile are left to the next time. What it cannot see: a chain rewritten from some
    point to its head, by somebody who may write the database; compare `head` with one that was noted elsewhere.
    """
    newest = await database["audit"].find({}, {"_id": 1}).sort("_id", -1).limit(1).to_list(1)
    head = await database["audit_head"].find_one({"_id": "head"}) or {"sequence": 0, "hash": FIRST_LINK}
    expected, previous = 1, FIRST_LINK
    rows = database["audit"].find({"_id": {"$lte": head["sequence"]}}).sort("_id", 1).batch_size(BATCH)
    async for row in rows:
        fault = _fault(row, expected, previous)
        if fault is not None:
            return _broken(fault, expected, previous)
        expected, previous = expected + 1, row["hash"]
    if expected <= head["sequence"]:
        return _broken("short", expected, previous)
    if previous != head["hash"]:
        return _broken("unlinked", expected - 1, previous)
    if newest and newest[0]["_id"] > head["sequence"]:
        return _broken("surplus", expected, previous)
    return AuditVerification(holds=True, entries=expected - 1, head=previous, text="审计链完整。")


def _position(after: tuple[Any, ...]) -> int:
    if len(after) != 1 or not isinstance(after[0], int) or not 0 <= after[0] < MOST_SEQUENCE:
        raise CursorInvalid
    return after[0]


def _fault(row: Document, expected: int, previous: str) -> str | None:
    if row["_id"] != expected:
        return "missing"
    if row.get("previous") != previous:
        return "unlinked"
    try:
        return None if link(expected, previous, row["entry"]) == row["hash"] else "changed"
    except (UncanonicalPayload, KeyError):
        return "changed"


def _broken(fault: str, at: int, previous: str) -> AuditVerification:
    return AuditVerification(
        holds=False,
        entries=at - 1,
        head=previous,
        broken_at=at,
        fault=fault,
        text=TEXTS[fault],
    )
