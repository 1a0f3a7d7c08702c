"""A step of connecting an account failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from contracts.publisher import AccountConnectionFailed
from kit.transaction import Tx
from services.publisher.domain.account import Failure, StepName
from services.publisher.ports import Records


@dataclass(frozen=True)
class NoteConnectionFailed:
    """A step did not hold with credentials `number`. `retry`: the first pause, doubled with each failure."""

    account_id: str
    number: int
    step: StepName
    code: str
    detail: str
    retry: timedelta


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
