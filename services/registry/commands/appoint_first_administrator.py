"""Somebody has to be able to register the others: the first administrator of an empty register."""

from __future__ import annotations

from dataclasses import dataclass, field

from contracts.registry import PersonRegistered, RoleGranted
from kit.ids import derived_id
from kit.transaction import Tx
from services.registry.domain.authority import ADMINISTERS
from services.registry.domain.paths import EVERYTHING
from services.registry.domain.people import Person
from services.registry.domain.words import Stamp
from services.registry.ports import People

LOGIN = "founder"
DISPLAY_NAME = "系统管理员"
SYSTEM = "system"


@dataclass(frozen=True)
class AppointFirstAdministrator:
    password_hash: str = field(repr=False)


async def appoint_first_administrator(tx: Tx, command: AppointFirstAdministrator, *, people: People) -> bool:
    """Appoint them; False, and nothing done, if anybody is registered."""
    if not await people.is_empty(tx):
        return False
    person = Person(
        person_id=derived_id("person", LOGIN),
        login=LOGIN,
        display_name=DISPLAY_NAME,
        unit_path=EVERYTHING,
        password_hash=command.password_hash,
        password_changed_at=tx.now,
        registered_by=SYSTEM,
        registered_at=tx.now,
    )
    tx.emit(PersonRegistered(person_id=person.person_id, login=LOGIN, display_name=DISPLAY_NAME, unit_path=EVERYTHING))
    for role in ADMINISTERS:
        person.grant(role, EVERYTHING, Stamp(SYSTEM, tx.now))
        tx.emit(RoleGranted(person_id=person.person_id, display_name=DISPLAY_NAME, role=role, path=EVERYTHING))
    await people.add(tx, person)
    return True
