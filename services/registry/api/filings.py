"""Operating processes (§4.3), filings and house rules."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller, PageQuery
from services.registry.api.callers import Caller, Parts, UnitPathQuery, seen_paths
from services.registry.commands.file_operating_process import FileOperatingProcess, Registers, file_operating_process
from services.registry.domain.filings import FilingKind
from services.registry.domain.operating import Roster, Step
from services.registry.queries import filings as queries
from services.registry.schemas.fields import PROBLEMS
from services.registry.schemas.requests import FileProcessBody
from services.registry.schemas.responses import FilingView, Listing, ProcessFiled, ProcessView, RuleView

router = Routes(tags=["filings"], responses=PROBLEMS)


@router.post("/operating-processes", response_model=ProcessFiled, status_code=201)
async def post_process(body: FileProcessBody, actor: Caller, once: OncePerCaller, deps: Parts) -> dict[str, Any]:
    """File the unit's process (§4.3); it replaces the earlier one. By a head or operator of the unit."""
    steps = tuple(Step(step.name, step.mode, step.person_ids) for step in body.steps)
    roster = Roster(body.editor_ids, steps, body.publisher_ids)
    command = FileOperatingProcess(actor, body.unit_path, roster, body.reason)
    found = deps.registers
    registers = Registers(found.units, found.people, found.processes, found.filings)

    async def work(tx: Tx) -> dict[str, Any]:
        return await file_operating_process(tx, command, registers=registers)

    return await deps.store.transact(work, once=once)


@router.get("/operating-processes", response_model=Listing[ProcessView])
async def get_processes(
    actor: Caller, page: PageQuery, deps: Parts, unit_path: UnitPathQuery = None
) -> Listing[ProcessView]:
    """Every version of the processes that the caller may see, the newest first."""
    return await queries.list_processes(deps.database, seen_paths(actor, unit_path), page)


@router.get("/operating-processes/{process_id}", response_model=ProcessView)
async def get_process(process_id: str, actor: Caller, deps: Parts) -> ProcessView:
    """One version of a process."""
    return await queries.show_process(deps.database, seen_paths(actor), process_id)


@router.get("/filings", response_model=Listing[FilingView])
async def get_filings(
    actor: Caller,
    page: PageQuery,
    deps: Parts,
    unit_path: UnitPathQuery = None,
    kind: Annotated[FilingKind | None, Query()] = None,
    year: Annotated[int | None, Query(ge=2000, le=9999)] = None,
) -> Listing[FilingView]:
    """Filings that the caller may see, the highest number first."""
    paths = seen_paths(actor, unit_path)
    return await queries.list_filings(deps.database, paths, page, kind=kind, year=year)


@router.get("/rules", response_model=Listing[RuleView])
async def get_rules(_: Caller, page: PageQuery, deps: Parts) -> Listing[RuleView]:
    """The house rules that registry applies."""
    return await queries.list_rules(deps.database, page)
