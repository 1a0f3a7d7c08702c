"""Filings, operating processes and rules in MongoDB."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from pydantic import TypeAdapter
from pymongo import ReturnDocument

from kit.ids import new_id
from kit.mongo import Database
from kit.refusal import StaleVersion
from kit.transaction import Tx
from services.registry.domain.filings import Filing, Matter, filing_year, number_of
from services.registry.domain.operating import OperatingProcess
from services.registry.domain.rules import STANDARD_RULES, Rule, RuleBook
from services.registry.domain.words import Stamp
from services.registry.repositories.documents import Documents


def _filings() -> Documents[Filing]:
    return Documents("filings", "filing_id", TypeAdapter(Filing))


def _processes() -> Documents[OperatingProcess]:
    shape, taken = TypeAdapter(OperatingProcess), (("version", StaleVersion),)
    return Documents("operating_processes", "process_id", shape, taken)


def _rules() -> Documents[Rule]:
    return Documents("rules", "rule_id", TypeAdapter(Rule))


@dataclass(frozen=True)
class MongoFilings:
    """The counter of the year is raised in the filing's own transaction: what is not filed takes no number."""

    documents: Documents[Filing] = field(default_factory=_filings)

    async def file(self, tx: Tx, matter: Matter, stamp: Stamp) -> Filing:
        year = filing_year(stamp.at)
        sequence = await self._next(tx, year)
        filing = Filing(
            filing_id=new_id(),
            number=number_of(year, sequence),
            year=year,
            sequence=sequence,
            filed_by=stamp.by,
            filed_at=stamp.at,
            **asdict(matter),
        )
        await self.documents.add(tx, filing)
        return filing

    async def _next(self, tx: Tx, year: int) -> int:
        counter = await tx.collection("filing_counters").find_one_and_update(
            {"_id": year},
            {"$inc": {"last": 1}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=tx.session,
        )
        return int(counter["last"])


@dataclass(frozen=True)
class MongoOperatingProcesses:
    documents: Documents[OperatingProcess] = field(default_factory=_processes)

    async def last_version(self, tx: Tx, unit_path: str) -> int:
        newest = await tx.collection("operating_processes").find_one(
            {"unit_path": unit_path}, {"process_version": 1}, sort=[("process_version", -1)], session=tx.session
        )
        return int(newest["process_version"]) if newest else 0

    async def add(self, tx: Tx, process: OperatingProcess) -> None:
        await self.documents.add(tx, process)


@dataclass(frozen=True)
class MongoRules:
    documents: Documents[Rule] = field(default_factory=_rules)

    async def in_force(self, tx: Tx) -> RuleBook:
        began = {"effective_from": {"$lte": tx.now}}
        rules = await self.documents.all_where(tx, began, most=1_000)
        return RuleBook(tuple(rule for rule in rules if rule.holds_at(tx.now)))

    async def install(self, database: Database) -> None:
        """Put in the standard rules that are missing; what is there is not touched."""
        for rule in STANDARD_RULES:
            document = self.documents.write(rule)
            await database["rules"].update_one({"_id": document.pop("_id")}, {"$setOnInsert": document}, upsert=True)
