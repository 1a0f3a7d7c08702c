"""WeChat shook hands with an account, or called it back."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.publisher.commands.connecting import announce_connected
from services.publisher.ports import Records


@dataclass(frozen=True)
class NoteHandshake:
    """WeChat reached us with a signature of credentials `number`."""

    account_id: str
    number: int


async def note_handshake(tx: Tx, command: NoteHandshake, *, records: Records) -> None:
    """Connected, if token and menu held as well."""
    account = await records.accounts.get(tx, command.account_id)
    if account is None or account.callback_seen_at is not None:
        return
    if account.callback_seen(command.number, tx.now):
        announce_connected(tx, account)
    await records.accounts.save(tx, account)
