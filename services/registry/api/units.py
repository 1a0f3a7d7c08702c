"""The organisation tree."""

from __future__ import annotations

from typing import Any

from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller, PageQuery
from services.registry.api.callers import Caller, Parts, UnitPathQuery, seen_paths
from services.registry.commands.establish_unit import EstablishUnit, establish_unit
from services.registry.domain.units import UnitDetails
from services.registry.queries import people as queries
from services.registry.schemas.fields import PROBLEMS
from services.registry.schemas.requests import EstablishUnitBody
from services.registry.schemas.responses import Established, Listing, UnitView

router = Routes(prefix="/units", tags=["units"], responses=PROBLEMS)


@router.post("", response_model=Established, status_code=201)
async def post_unit(body: EstablishUnitBody, actor: Caller, once: OncePerCaller, deps: Parts) -> dict[str, Any]:
    """Establish a unit. By an engineer or the communications office, for a path that they cover."""
    command = EstablishUnit(actor, UnitDetails(**body.model_dump()))

    async def work(tx: Tx) -> dict[str, Any]:
        return await establish_unit(tx, command, units=deps.registers.units)

    return await deps.store.transact(work, once=once)


@router.get("", response_model=Listing[UnitView])
async def get_units(actor: Caller, page: PageQuery, deps: Parts, unit_path: UnitPathQuery = None) -> Listing[UnitView]:
    """Units that the caller may see, by path."""
    return await queries.list_units(deps.database, seen_paths(actor, unit_path), page)
