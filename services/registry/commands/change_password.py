"""Give a person a new password, and end the sessions that the old one opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kit.transaction import Tx
from services.registry.domain.people import CurrentPasswordWrong
from services.registry.ports import People, Sessions


@dataclass(frozen=True)
class ChangePassword:
    """`seen_hash`: the hash that the present password was compared with. `keep_session`: of who changes the own one."""

    person_id: str
    seen_hash: str = field(repr=False)
    password_hash: str = field(repr=False)
    keep_session: str | None = None


async def change_password(tx: Tx, command: ChangePassword, *, people: People, sessions: Sessions) -> dict[str, Any]:
    """Change it.

    Raises:
        NotFound
        CurrentPasswordWrong: it was changed since it was compared.
    """
    person = await people.load(tx, command.person_id)
    if person.password_hash != command.seen_hash:
        raise CurrentPasswordWrong
    person.change_password(command.password_hash, tx.now)
    await people.save(tx, person)
    await sessions.close_all_of(tx, person.person_id, but=command.keep_session)
    return {"person_id": person.person_id, "password_changed_at": tx.now.isoformat()}
