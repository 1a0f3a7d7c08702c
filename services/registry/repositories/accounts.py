"""Opening applications, the ledger, sealed boxes and findings in MongoDB."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from kit.transaction import Tx
from services.registry.domain.accounts import AppIdTaken, OfficialAccount, OriginalIdTaken
from services.registry.domain.findings import Finding
from services.registry.domain.opening import OpeningApplication
from services.registry.repositories.documents import Documents


def _applications() -> Documents[OpeningApplication]:
    return Documents("opening_applications", "application_id", TypeAdapter(OpeningApplication))


def _ledger() -> Documents[OfficialAccount]:
    taken = (("original_id", OriginalIdTaken), ("app_id", AppIdTaken))
    return Documents("official_accounts", "account_id", TypeAdapter(OfficialAccount), taken)


def _findings() -> Documents[Finding]:
    return Documents("findings", "finding_id", TypeAdapter(Finding))


@dataclass(frozen=True)
class MongoOpeningApplications:
    documents: Documents[OpeningApplication] = field(default_factory=_applications)

    async def load(self, tx: Tx, application_id: str) -> OpeningApplication:
        return await self.documents.load(tx, application_id)

    async def add(self, tx: Tx, application: OpeningApplication) -> None:
        await self.documents.add(tx, application)

    async def save(self, tx: Tx, application: OpeningApplication) -> None:
        await self.documents.save(tx, application)


@dataclass(frozen=True)
class MongoLedger:
    """`active_since` is stored beside the aggregate, for the search of quiet accounts."""

    documents: Documents[OfficialAccount] = field(default_factory=_ledger)

    async def load(self, tx: Tx, account_id: str) -> OfficialAccount:
        return await self.documents.load(tx, account_id)

    async def find(self, tx: Tx, account_id: str) -> OfficialAccount | None:
        return await self.documents.find(tx, account_id)

    async def add(self, tx: Tx, account: OfficialAccount) -> None:
        await self.documents.add(tx, account, active_since=account.active_since)

    async def save(self, tx: Tx, account: OfficialAccount) -> None:
        await self.documents.save(tx, account, active_since=account.active_since)


@dataclass(frozen=True)
class MongoSealedBoxes:
    async def put(self, tx: Tx, account_id: str, *, key_id: str, sealed: str) -> None:
        box = {"key_id": key_id, "sealed": sealed, "put_at": tx.now}
        await tx.collection("sealed_boxes").replace_one({"_id": account_id}, box, upsert=True, session=tx.session)


@dataclass(frozen=True)
class MongoFindings:
    documents: Documents[Finding] = field(default_factory=_findings)

    async def add(self, tx: Tx, finding: Finding) -> None:
        await self.documents.add(tx, finding)

    async def open_of(self, tx: Tx, account_id: str, rule: str) -> Finding | None:
        return await self.documents.find_where(tx, {"account_id": account_id, "rule": rule, "state": "open"})

    async def save(self, tx: Tx, finding: Finding) -> None:
        await self.documents.save(tx, finding)
