"""Registry granted somebody a role: cases that lacked it may have a route now."""

from __future__ import annotations

from dataclasses import dataclass

from kit.auth import Grant
from kit.transaction import Tx
from services.review.commands.routing import route_again
from services.review.domain.people import Person, tidy_path
from services.review.ports import Records


@dataclass(frozen=True)
class GrantRole:
    """Who holds which role now."""

    person_id: str
    display_name: str
    role: str
    path: str


async def grant_role(tx: Tx, command: GrantRole, *, records: Records) -> None:
    """Note it."""
    path = tidy_path(command.path)
    known = (await records.staff.hold(tx, [command.person_id])).get(command.person_id)
    grants = known.grants if known else frozenset()
    person = Person(command.person_id, command.display_name, grants | {Grant(command.role, path)})
    await records.staff.put(tx, person)
    for process in await records.processes.naming(tx, command.person_id, path):
        await route_again(tx, process, records)
