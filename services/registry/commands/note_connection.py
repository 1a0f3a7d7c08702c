"""Publisher took an account into service, or could not."""

from __future__ import annotations

from dataclasses import dataclass

from kit.transaction import Tx
from services.registry.domain.accounts import AccountUnknown, Connection, ConnectionFailure
from services.registry.ports import Ledger


@dataclass(frozen=True)
class NoteConnection:
    """`outcome`: the connection, or why there is none."""

    account_id: str
    outcome: Connection | ConnectionFailure


async def note_connection(tx: Tx, command: NoteConnection, *, ledger: Ledger) -> None:
    """Note it in the ledger.

    Raises:
        AccountUnknown
    """
    account = await ledger.find(tx, command.account_id)
    if account is None:
        raise AccountUnknown(command.account_id)
    if isinstance(command.outcome, ConnectionFailure):
        account.connection_failed(command.outcome)
    elif not account.connected(command.outcome):
        return
    await ledger.save(tx, account)
