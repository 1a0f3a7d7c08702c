"""Review granted a permit."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.review import PermitGranted
from kit.transaction import Tx
from services.publisher.domain.permit import MASS_SEND, Permit
from services.publisher.ports import Records


@dataclass(frozen=True)
class NotePermit:
    """`trace`: context of the span that brought the permit; the send continues it."""

    granted: PermitGranted
    trace: str | None


async def note_permit(tx: Tx, command: NotePermit, *, records: Records) -> None:
    """Keep the permit. It becomes an order in a transaction of its own, where it is verified."""
    granted = command.granted
    if granted.act != MASS_SEND or await records.permits.get(tx, granted.permit_id) is not None:
        return
    permit = Permit(
        permit_id=granted.permit_id,
        case_id=granted.case_id,
        account_id=granted.account_id,
        subject_id=granted.subject_id,
        digest=granted.digest,
        not_before=granted.not_before,
        not_after=granted.not_after,
        noted_at=tx.now,
        order_at=tx.now,
        token=granted.token,
        trace=command.trace,
    )
    await records.permits.save(tx, permit)
