"""What was found out about an account's connection: token and menu held, the handshake came, or a step failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from contracts.publisher import AccountConnected, AccountConnectionFailed
from kit.transaction import Tx
from services.publisher.domain.account import Failure, OfficialAccount, StepName
from services.publisher.ports import Records


@dataclass(frozen=True)
class NoteConnectionHeld:
    """Token and menu held with credentials `number`. `patience`: how long the handshake may be missing."""

    account_id: str
    number: int
    menu: dict[str, Any] | None
    patience: timedelta


@dataclass(frozen=True)
class NoteHandshake:
    """WeChat reached us with a signature of credentials `number`."""

    account_id: str
    number: int


@dataclass(frozen=True)
class NoteConnectionFailed:
    """A step did not hold with credentials `number`. `retry`: the first pause, doubled with each failure."""

    account_id: str
    number: int
    step: StepName
    code: str
    detail: str
    retry: timedelta


async def note_connection_held(tx: Tx, command: NoteConnectionHeld, *, records: Records) -> None:
    """Connected, if the handshake came as well."""
    account = await records.accounts.get(tx, command.account_id)
    if account is None:
        return
    if account.checked(command.number, command.menu, tx.now, command.patience):
        _announce(tx, account)
    await records.accounts.save(tx, account)


async def note_handshake(tx: Tx, command: NoteHandshake, *, records: Records) -> None:
    """Connected, if token and menu held as well."""
    account = await records.accounts.get(tx, command.account_id)
    if account is None or account.callback_seen_at is not None:
        return
    if account.callback_seen(command.number, tx.now):
        _announce(tx, account)
    await records.accounts.save(tx, account)


async def note_connection_failed(tx: Tx, command: NoteConnectionFailed, *, records: Records) -> None:
    """Told to the others when it is news; tried again in any case, except for a missing handshake."""
    account = await records.accounts.get(tx, command.account_id)
    if account is None:
        return
    failure = Failure(command.step, command.code, command.detail, tx.now)
    if account.failed(command.number, failure, command.retry):
        tx.emit(
            AccountConnectionFailed(
                account_id=account.account_id, step=command.step, code=command.code, detail=command.detail
            )
        )
    await records.accounts.save(tx, account)


def _announce(tx: Tx, account: OfficialAccount) -> None:
    assert account.credentials is not None
    assert account.connected_at is not None
    tx.emit(
        AccountConnected(
            account_id=account.account_id,
            app_id=account.credentials.app_id,
            menu_digest=account.menu_digest,
            menu=account.menu,
            connected_at=account.connected_at,
        )
    )
