"""Give a person a role on a part of the tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.registry import RoleGranted
from kit.transaction import Tx
from services.registry.domain.authority import Actor, require_hand_out, require_known
from services.registry.domain.paths import EVERYTHING
from services.registry.domain.people import PathUnknown
from services.registry.domain.words import Role, Stamp
from services.registry.ports import People, Units


@dataclass(frozen=True)
class GrantRole:
    actor: Actor
    person_id: str
    role: Role
    path: str


async def grant_role(tx: Tx, command: GrantRole, *, people: People, units: Units) -> dict[str, Any]:
    """Grant it.

    Raises:
        Forbidden, OwnRoles, RoleAboveOwn, NotFound, PathUnknown, RoleHeldAlready
    """
    require_hand_out(command.actor, command.person_id, command.role, command.path)
    if command.path != EVERYTHING and await units.at(tx, command.path) is None:
        raise PathUnknown(path=command.path)
    person = await people.load(tx, command.person_id)
    require_known(command.actor, person.unit_path)
    person.grant(command.role, command.path, Stamp(command.actor.subject, tx.now))
    await people.save(tx, person)
    tx.emit(
        RoleGranted(person_id=person.person_id, display_name=person.display_name, role=command.role, path=command.path)
    )
    return {
        "person_id": person.person_id,
        "roles": [{"role": held.role, "path": held.path} for held in person.roles],
    }
