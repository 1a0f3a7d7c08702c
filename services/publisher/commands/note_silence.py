"""A call had no answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kit.transaction import Tx
from services.publisher.commands.carrying_out import order_of, tell_unknown
from services.publisher.domain import mass_send
from services.publisher.ports import Records


@dataclass(frozen=True)
class NoteSilence:
    mass_send_id: str
    fence: int
    detail: str
    again: timedelta


async def note_silence(tx: Tx, command: NoteSilence, *, records: Records) -> None:
    """Raises LostClaim."""
    order = await order_of(tx, command.mass_send_id, records)
    known_unknown = order.state is mass_send.State.UNKNOWN
    order.silent(command.fence, command.detail, tx.now, command.again)
    await records.mass_sends.save(tx, order)
    if not known_unknown:
        tell_unknown(tx, order)
