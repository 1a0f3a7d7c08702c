"""Get an order ready: claimed, uploaded and drafted in between, recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.transaction import Tx
from services.publisher.commands.stop_order import refuse_order
from services.publisher.domain.mass_send import MassSend, Work
from services.publisher.domain.permit import PermitExpired
from services.publisher.ports import Records


@dataclass(frozen=True)
class Claim:
    """An order that is ours for a while, as it was when we claimed it."""

    order: MassSend
    fence: int


@dataclass(frozen=True)
class BeginPreparing:
    mass_send_id: str
    lease: timedelta


@dataclass(frozen=True)
class RecordDraft:
    mass_send_id: str
    fence: int
    media_id: str


@dataclass(frozen=True)
class PostponeMassSend:
    """The platform asked to come back, or is not there."""

    mass_send_id: str
    fence: int
    until: datetime
    note: str


async def begin_preparing(tx: Tx, command: BeginPreparing, *, records: Records) -> Claim | None:
    """Claim the order; None: somebody else has it, or it needs no preparing."""
    order = await records.mass_sends.get(tx, command.mass_send_id)
    if order is None or order.work(tx.now) is not Work.PREPARE:
        return None
    if tx.now >= order.window.not_after:
        expired = PermitExpired()
        await refuse_order(tx, order, expired.code, expired.shown, records=records)
        return None
    fence = order.begin_preparing(tx.now, command.lease)
    await records.mass_sends.save(tx, order)
    return Claim(order, fence)


async def record_draft(tx: Tx, command: RecordDraft, *, records: Records) -> None:
    """Raises LostClaim."""
    order = await _claimed(tx, command.mass_send_id, command.fence, records)
    order.prepared(command.fence, command.media_id, tx.now)
    await records.mass_sends.save(tx, order)


async def postpone_mass_send(tx: Tx, command: PostponeMassSend, *, records: Records) -> None:
    """Raises LostClaim."""
    order = await _claimed(tx, command.mass_send_id, command.fence, records)
    order.postpone(command.fence, command.until, command.note, tx.now)
    await records.mass_sends.save(tx, order)


async def _claimed(tx: Tx, mass_send_id: str, fence: int, records: Records) -> MassSend:
    order = await records.mass_sends.get(tx, mass_send_id)
    assert order is not None
    order.require_claim(fence)
    return order
