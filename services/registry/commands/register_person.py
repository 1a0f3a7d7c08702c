"""Let somebody sign in. What they may do is decided by roles, granted separately."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from contracts.registry import PersonRegistered
from kit.ids import new_id
from kit.transaction import Tx
from services.registry.domain.authority import ADMINISTERS, Actor
from services.registry.domain.paths import EVERYTHING
from services.registry.domain.people import PathUnknown, Person
from services.registry.ports import People, Units


@dataclass(frozen=True)
class RegisterPerson:
    """`login` is in the form in which logins are compared."""

    actor: Actor
    login: str
    display_name: str
    unit_path: str
    password_hash: str = field(repr=False)


async def register_person(tx: Tx, command: RegisterPerson, *, people: People, units: Units) -> dict[str, Any]:
    """Register them.

    Raises:
        Forbidden, PathUnknown, LoginTaken
    """
    command.actor.require(*ADMINISTERS, path=command.unit_path)
    if command.unit_path != EVERYTHING and await units.at(tx, command.unit_path) is None:
        raise PathUnknown(path=command.unit_path)
    person = Person(
        person_id=new_id(),
        login=command.login,
        display_name=command.display_name,
        unit_path=command.unit_path,
        password_hash=command.password_hash,
        password_changed_at=tx.now,
        registered_by=command.actor.subject,
        registered_at=tx.now,
    )
    await people.add(tx, person)
    tx.emit(
        PersonRegistered(
            person_id=person.person_id,
            login=person.login,
            display_name=person.display_name,
            unit_path=person.unit_path,
        )
    )
    return {"person_id": person.person_id, "login": person.login}
