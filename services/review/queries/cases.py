"""Cases as lists, as counts, and one in full."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.web import CursorInvalid, Page, write_cursor
from services.review.domain.people import Viewer
from services.review.domain.submission import digest_of_text
from services.review.queries.names import Names, names_of
from services.review.schemas import (
    CaseCounts,
    CasePage,
    CaseSummary,
    CaseView,
    EarlierCase,
    HistoryView,
    PermitView,
    ProcessView,
    SignatureView,
    StateName,
    StepView,
)

STATES: tuple[StateName, ...] = ("open", "unroutable", "approved", "rejected", "returned", "voided")
CASE_ID = re.compile("[0-9a-f]{32}")
MOST_ROUNDS = 20
MOST_HISTORY = 200


@dataclass(frozen=True)
class CaseFilter:
    """What a list is narrowed to, beside what the caller may see."""

    waiting_for_me: bool = False
    state: str | None = None
    subject_id: str | None = None
    account_id: str | None = None


async def list_cases(database: Database, viewer: Viewer, wanted: CaseFilter, page: Page) -> CasePage:
    """The cases that the caller may see, the newest first.

    Raises:
        CursorInvalid
    """
    query: Document = {"waiting_for": viewer.person_id} if wanted.waiting_for_me else _visible(viewer)
    narrowed = {
        "state": wanted.state,
        "submission.subject_id": wanted.subject_id,
        "submission.account_id": wanted.account_id,
    }
    query |= {name: value for name, value in narrowed.items() if value is not None}
    if page.after is not None:
        query["_id"] = {"$lt": _position(page.after)}
    rows = await database["cases"].find(query).sort("_id", -1).limit(page.limit + 1).to_list(page.limit + 1)
    shown = rows[: page.limit]
    names = await names_of(database, _everybody(shown))
    more = len(rows) > page.limit
    return CasePage(
        items=[CaseSummary(**_summary(row, viewer, names)) for row in shown],
        next_cursor=write_cursor(shown[-1]["_id"]) if more else None,
    )


async def count_cases(database: Database, viewer: Viewer) -> CaseCounts:
    """How many cases wait for the caller, since when, and how many he or she may see in each state."""
    cases = database["cases"]
    mine = {"waiting_for": viewer.person_id}
    oldest = await cases.find(mine, {"opened_at": 1}).sort("_id", 1).limit(1).to_list(1)
    pipeline: list[Document] = [{"$match": _visible(viewer)}, {"$group": {"_id": "$state", "count": {"$sum": 1}}}]
    counted = {row["_id"]: row["count"] async for row in cases.aggregate(pipeline)}
    return CaseCounts(
        waiting_for_me=await cases.count_documents(mine),
        oldest_waiting_since=oldest[0]["opened_at"] if oldest else None,
        states={state: counted.get(state, 0) for state in STATES},
    )


async def read_case(database: Database, viewer: Viewer, case_id: str) -> CaseView:
    """One case with its exact payload.

    Raises:
        NotFound: there is none, or not for the caller.
    """
    row = await database["cases"].find_one({"_id": case_id} | _visible(viewer))
    kept = await database["payloads"].find_one({"_id": case_id}) if row else None
    if row is None or kept is None:
        raise NotFound
    permit = await database["permits"].find_one({"case_id": case_id})
    trail = await database["audit"].find({"entry.case_id": case_id}).sort("_id", 1).to_list(MOST_HISTORY)
    actors = {entry["entry"]["actor_id"] for entry in trail} - {None}
    names = await names_of(database, _everybody([row]) | actors)
    about = row["submission"]
    return CaseView(
        **_summary(row, viewer, names),
        last_editor=names.of(about["last_editor_id"]),
        decided_by=names.of(row["decided_by"]) if row["decided_by"] else None,
        process=ProcessView(**row["process"]) if row["process"] else None,
        steps=_steps(row, names),
        payload=json.loads(kept["text"]),
        payload_intact=digest_of_text(kept["text"]) == about["digest"],
        permit=_permit(permit) if permit else None,
        history=[_history(entry, names) for entry in trail],
        other_rounds=await _other_rounds(database, row),
    )


def _visible(viewer: Viewer) -> Document:
    return {"$or": [{"participants": viewer.person_id}, {"lineage": {"$in": list(viewer.paths)}}]}


def _position(after: tuple[Any, ...]) -> str:
    if len(after) != 1 or not isinstance(after[0], str) or not CASE_ID.fullmatch(after[0]):
        raise CursorInvalid
    return after[0]


def _everybody(rows: Iterable[Document]) -> set[str]:
    found = {person for row in rows for person in row["participants"]}
    return found | {row["decided_by"] for row in rows if row["decided_by"]}


def _current(row: Document) -> int | None:
    """Number of the step that waits: the first with fewer signatures than it needs."""
    if row["state"] != "open":
        return None
    return next((number for number, step in enumerate(row["steps"], 1) if not _done(step)), None)


def _done(step: Document) -> bool:
    return bool(step["signatures"]) and (step["mode"] == "any_of" or not _unsigned(step))


def _unsigned(step: Document) -> list[str]:
    signed = {signature["person_id"] for signature in step["signatures"]}
    return [person for person in step["candidates"] if person not in signed]


def _summary(row: Document, viewer: Viewer, names: Names) -> dict[str, Any]:
    about = row["submission"]
    same = ("title", "send_at", "state", "reason", "reason_code", "opened_at", "decided_at", "voided_at")
    submitted = ("act", "account_id", "unit_path", "subject_id", "revision", "digest", "mandate_id")
    return (
        {name: row[name] for name in same}
        | {name: about[name] for name in submitted}
        | {
            "case_id": row["_id"],
            "author": names.of(about["author_id"]),
            "submitted_by": names.of(about["submitted_by"]),
            "current_step": _current(row),
            "step_count": len(row["steps"]),
            "waiting_for": names.each(row["waiting_for"]),
            "waiting_for_me": viewer.person_id in row["waiting_for"],
        }
    )


def _steps(row: Document, names: Names) -> list[StepView]:
    current = _current(row)
    return [
        StepView(
            number=number,
            name=step["name"],
            mode=step["mode"],
            state="done" if _done(step) else "current" if number == current else "later",
            waiting_for=[] if _done(step) else names.each(_unsigned(step)),
            excluded=names.each(person for person in step["named"] if person not in step["candidates"]),
            signatures=[SignatureView(**signature) for signature in step["signatures"]],
        )
        for number, step in enumerate(row["steps"], 1)
    ]


def _permit(row: Document) -> PermitView:
    return PermitView(
        permit_id=row["_id"],
        state="granted" if row["voided_at"] is None else "voided",
        not_before=row["not_before"],
        not_after=row["not_after"],
        void_reason=row["void_reason"],
    )


def _history(row: Document, names: Names) -> HistoryView:
    entry = row["entry"]
    return HistoryView(
        sequence=row["_id"],
        at=entry["at"],
        kind=entry["kind"],
        actor=names.of(entry["actor_id"]) if entry["actor_id"] else None,
        details=entry["details"],
    )


async def _other_rounds(database: Database, row: Document) -> list[EarlierCase]:
    query = {"submission.subject_id": row["submission"]["subject_id"], "_id": {"$ne": row["_id"]}}
    rounds = await database["cases"].find(query).sort("_id", -1).to_list(MOST_ROUNDS)
    return [
        EarlierCase(
            case_id=other["_id"],
            revision=other["submission"]["revision"],
            state=other["state"],
            reason=other["reason"],
            opened_at=other["opened_at"],
        )
        for other in rounds
    ]
