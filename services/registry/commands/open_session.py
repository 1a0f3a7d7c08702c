"""Note that somebody signed in, so that it can be ended before the token is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kit.transaction import Tx
from services.registry.domain.people import PasswordWrong
from services.registry.ports import People, Sessions


@dataclass(frozen=True)
class OpenSession:
    """`seen_hash`: what the password was compared with; `password_hash`: the same, renewed if it was outdated."""

    person_id: str
    digest: str
    expires_at: datetime
    seen_hash: str = field(repr=False)
    password_hash: str = field(repr=False)


async def open_session(tx: Tx, command: OpenSession, *, people: People, sessions: Sessions) -> None:
    """Open it.

    The person is written too: a change of password at the same moment conflicts, and one of the two comes first.

    Raises:
        PasswordWrong: it was changed since it was compared.
    """
    person = await people.load(tx, command.person_id)
    if person.password_hash != command.seen_hash:
        raise PasswordWrong
    person.signed_in(tx.now, password_hash=command.password_hash)
    await people.save(tx, person)
    await sessions.open(tx, command.digest, person.person_id, command.expires_at)
