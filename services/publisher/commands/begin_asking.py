"""No callback came for an accepted order: the platform is asked instead, less and less often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kit.transaction import Tx
from services.publisher.domain.mass_send import MassSend, Work
from services.publisher.ports import Records


@dataclass(frozen=True)
class BeginAsking:
    mass_send_id: str
    after: timedelta


async def begin_asking(tx: Tx, command: BeginAsking, *, records: Records) -> MassSend | None:
    """Count the question; None: there is nothing to ask."""
    order = await records.mass_sends.get(tx, command.mass_send_id)
    if order is None or order.work(tx.now) is not Work.ASK:
        return None
    order.begin_asking(tx.now, command.after)
    await records.mass_sends.save(tx, order)
    return order
