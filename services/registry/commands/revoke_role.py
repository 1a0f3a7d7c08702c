"""Take a role from a person. It ends at registry at once, elsewhere when the token does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.registry import RoleRevoked
from kit.transaction import Tx
from services.registry.domain.authority import Actor, require_hand_out, require_known
from services.registry.domain.words import Role
from services.registry.ports import People


@dataclass(frozen=True)
class RevokeRole:
    actor: Actor
    person_id: str
    role: Role
    path: str


async def revoke_role(tx: Tx, command: RevokeRole, *, people: People) -> dict[str, Any]:
    """Revoke it.

    Raises:
        Forbidden, OwnRoles, RoleAboveOwn, NotFound, RoleNotHeld
    """
    require_hand_out(command.actor, command.person_id, command.role, command.path)
    person = await people.load(tx, command.person_id)
    require_known(command.actor, person.unit_path)
    person.revoke(command.role, command.path)
    await people.save(tx, person)
    tx.emit(RoleRevoked(person_id=person.person_id, role=command.role, path=command.path))
    return {
        "person_id": person.person_id,
        "roles": [{"role": held.role, "path": held.path} for held in person.roles],
    }
