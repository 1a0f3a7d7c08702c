"""Registry registered somebody."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.review.domain.people import Person
from services.review.ports import Records


@dataclass(frozen=True)
class RegisterPerson:
    """Who it is."""

    person_id: str
    display_name: str


async def register_person(tx: Tx, command: RegisterPerson, *, records: Records) -> None:
    """Know the person by name; roles that are known already stay."""
    known = (await records.staff.hold(tx, [command.person_id])).get(command.person_id)
    grants = known.grants if known else frozenset()
    await records.staff.put(tx, Person(command.person_id, command.display_name, grants))
