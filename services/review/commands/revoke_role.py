"""Registry revoked a role: what waited for the person has to go on without, or says that it cannot."""

from __future__ import annotations

from dataclasses import dataclass

from kit.auth import Grant
from kit.transaction import Tx
from services.review.commands.routing import announce_route
from services.review.domain.case import State
from services.review.domain.people import Person, tidy_path
from services.review.ports import Records


@dataclass(frozen=True)
class RevokeRole:
    """Who no longer holds which role."""

    person_id: str
    role: str
    path: str


async def revoke_role(tx: Tx, command: RevokeRole, *, records: Records) -> None:
    """Note it; open cases that only this person could have moved on become unroutable."""
    known = (await records.staff.hold(tx, [command.person_id])).get(command.person_id)
    if known is None:
        return
    kept = known.grants - {Grant(command.role, tidy_path(command.path))}
    await records.staff.put(tx, Person(known.person_id, known.display_name, kept))
    for case in await records.cases.pending_with(tx, command.person_id):
        people = await records.staff.hold(tx, case.pending)
        if case.lose(people):
            await records.cases.save(tx, case)
            if case.state is State.UNROUTABLE:
                await announce_route(tx, case, records)
