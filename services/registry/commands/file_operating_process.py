"""A unit files how it edits, reviews and publishes, with everybody by name (§4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.registry import OperatingProcessFiled, ProcessStep
from kit.ids import new_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.registry.domain.authority import APPLIES, Actor
from services.registry.domain.filings import Matter
from services.registry.domain.operating import OperatingProcess, Roster, check
from services.registry.domain.words import Stamp
from services.registry.ports import Filings, OperatingProcesses, People, Units


@dataclass(frozen=True)
class FileOperatingProcess:
    actor: Actor
    unit_path: str
    roster: Roster
    reason: str


@dataclass(frozen=True)
class Registers:
    """What is read and written."""

    units: Units
    people: People
    processes: OperatingProcesses
    filings: Filings


async def file_operating_process(tx: Tx, command: FileOperatingProcess, *, registers: Registers) -> dict[str, Any]:
    """File it; it replaces the unit's earlier one.

    Raises:
        Forbidden, NotFound, StaleVersion, and what `domain.operating.check` raises.
    """
    command.actor.require(*APPLIES, path=command.unit_path)
    unit = await registers.units.at(tx, command.unit_path)
    if unit is None:
        raise NotFound
    people = await registers.people.named(tx, command.roster.person_ids)
    check(command.roster, unit.path, people)
    version = await registers.processes.last_version(tx, unit.path) + 1
    stamp, process_id = Stamp(command.actor.subject, tx.now), new_id()
    name = f"{unit.name}运营流程（第 {version} 版）"
    matter = Matter("operating_process", unit.path, process_id, name, command.reason, "§4.3")
    filing = await registers.filings.file(tx, matter, stamp)
    process = OperatingProcess(process_id, unit.path, version, command.roster, filing.number, stamp.by, stamp.at)
    await registers.processes.add(tx, process)
    tx.emit(_filed(process))
    return {
        "process_id": process_id,
        "unit_path": unit.path,
        "process_version": version,
        "filing_number": filing.number,
    }


def _filed(process: OperatingProcess) -> OperatingProcessFiled:
    roster = process.roster
    return OperatingProcessFiled(
        process_id=process.process_id,
        unit_path=process.unit_path,
        process_version=process.process_version,
        editor_ids=roster.editor_ids,
        steps=tuple(ProcessStep(name=step.name, mode=step.mode, person_ids=step.person_ids) for step in roster.steps),
        publisher_ids=roster.publisher_ids,
        filing_number=process.filing_number,
        filed_at=process.filed_at,
    )
