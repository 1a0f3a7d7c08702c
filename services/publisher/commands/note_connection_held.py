"""Token and menu of an account held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kit.transaction import Tx
from services.publisher.commands.connecting import announce_connected
from services.publisher.ports import Records


@dataclass(frozen=True)
class NoteConnectionHeld:
    """Token and menu held with credentials `number`. `patience`: how long the handshake may be missing."""

    account_id: str
    number: int
    menu: dict[str, Any] | None
    patience: timedelta


async def note_connection_held(tx: Tx, command: NoteConnectionHeld, *, records: Records) -> None:
    """Connected, if the handshake came as well."""
    account = await records.accounts.get(tx, command.account_id)
    if account is None:
        return
    if account.checked(command.number, command.menu, tx.now, command.patience):
        announce_connected(tx, account)
    await records.accounts.save(tx, account)
