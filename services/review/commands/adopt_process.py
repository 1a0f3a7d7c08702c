"""A unit's process was filed: it holds from now on, and cases that had no route may have one."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.review.commands.routing import route_again
from services.review.domain.routing import Process
from services.review.ports import Records


@dataclass(frozen=True)
class AdoptProcess:
    """The process on file."""

    process: Process


async def adopt_process(tx: Tx, command: AdoptProcess, *, records: Records) -> None:
    """Keep it in place of the unit's earlier one, unless that is newer; route what waited for it."""
    known = await records.processes.hold(tx, command.process.unit_path)
    if known is not None and known.process_version >= command.process.process_version:
        return
    await records.processes.put(tx, command.process)
    await route_again(tx, command.process, records)
