"""Put a unit into the organisation tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.registry import UnitEstablished
from kit.ids import new_id
from kit.transaction import Tx
from services.registry.domain.authority import ADMINISTERS, Actor
from services.registry.domain.paths import parent_of
from services.registry.domain.units import PathTaken, UnitDetails, establish
from services.registry.domain.words import Stamp
from services.registry.ports import Units


@dataclass(frozen=True)
class EstablishUnit:
    actor: Actor
    details: UnitDetails


async def establish_unit(tx: Tx, command: EstablishUnit, *, units: Units) -> dict[str, Any]:
    """Establish it.

    Raises:
        Forbidden, PathTaken, GroupIsRoot, ParentMissing, DepartmentHasNoBusinessUnit
    """
    details = command.details
    command.actor.require(*ADMINISTERS, path=details.path)
    if await units.at(tx, details.path) is not None:
        raise PathTaken(path=details.path)
    parent = await units.at(tx, parent_of(details.path))
    unit = establish(new_id(), details, parent, Stamp(command.actor.subject, tx.now))
    await units.add(tx, unit)
    tx.emit(
        UnitEstablished(
            unit_id=unit.unit_id,
            path=unit.path,
            name=unit.name,
            kind=unit.kind,
            standard_name=unit.standard_name,
            standard_intro=unit.standard_intro,
        )
    )
    return {"unit_id": unit.unit_id, "path": unit.path, "name_prefix": unit.name_prefix}
