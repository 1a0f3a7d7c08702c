"""The log of acts, and reports."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from contracts.envelope import Event
from kit import embedded
from kit.embedded import Writing
from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.transaction import IdempotencyKeyReused, Once, Tx
from services.micro_community.domain.moderation import Act, Report, ReportedBefore
from services.micro_community.repositories.documents import read, to_document


@dataclass(frozen=True)
class MongoActs:
    """Acts are appended and never changed."""

    async def log(self, tx: Tx, act: Act) -> None:
        document = to_document(act, "act_id") | {"by": asdict(act.by)}
        await tx.collection("acts").insert_one(document, session=tx.session)


@dataclass(frozen=True)
class MongoReports:
    database: Database
    source: str

    async def add(self, report: Report, event: Event, *, now: datetime, once: Once) -> None:
        document = to_document(report, "report_id") | {"once": {"key": once.key, "asked": once.fingerprint}}
        stored = await embedded.insert(self.database["reports"], document, [event], Writing(self.source, now))
        if not _is_by(stored, once):
            raise ReportedBefore

    async def filed(self, report_id: str, once: Once) -> bool:
        stored = await self.database["reports"].find_one({"_id": report_id}, {"once": 1})
        return stored is not None and _is_by(stored, once)

    async def find(self, tx: Tx, account_id: str, report_id: str) -> Report:
        query = {"_id": report_id, "account_id": account_id}
        document = await tx.collection("reports").find_one(query, session=tx.session)
        if document is None:
            raise NotFound
        return _report(document)

    async def open_about(self, tx: Tx, target_id: str) -> list[Report]:
        query = {"target_id": target_id, "state": "open"}
        found = tx.collection("reports").find(query, session=tx.session)
        return [_report(document) async for document in found]

    async def save(self, tx: Tx, report: Report, event: Event) -> None:
        change = {"_id": report.report_id, "state": report.state, "resolved_at": report.resolved_at}
        writing = Writing(self.source, tx.now, tx.cause, tx.session)
        await embedded.save(tx.collection("reports"), change, [event], writing, version=report.aggver)


def _is_by(stored: Document, once: Once) -> bool:
    """Raises:
    IdempotencyKeyReused
    """
    first = stored.get("once") or {}
    if first.get("key") == once.key and first["asked"] != once.fingerprint:
        raise IdempotencyKeyReused
    return first.get("key") == once.key


def _report(document: Document) -> Report:
    return read(Report, document, "report_id")
