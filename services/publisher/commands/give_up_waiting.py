"""Whoever made the call of an order is not heard of any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kit.transaction import Tx
from services.publisher.commands.carrying_out import tell_unknown
from services.publisher.domain.mass_send import Work
from services.publisher.ports import Records


@dataclass(frozen=True)
class GiveUpWaiting:
    """`again`: from the call to its repetition."""

    mass_send_id: str
    again: timedelta


async def give_up_waiting(tx: Tx, command: GiveUpWaiting, *, records: Records) -> None:
    """The worker that made the call is gone: what came of it is unknown, never assumed."""
    order = await records.mass_sends.get(tx, command.mass_send_id)
    if order is None or order.work(tx.now) is not Work.GIVE_UP_WAITING:
        return
    order.given_up_waiting(tx.now, command.again)
    await records.mass_sends.save(tx, order)
    tell_unknown(tx, order)
