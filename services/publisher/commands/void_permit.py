"""Review says that a permit is void."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.review import PermitVoided
from kit.transaction import Tx
from services.publisher.commands.stopping import stopped
from services.publisher.domain import permit as permits
from services.publisher.domain.issue import Setback
from services.publisher.ports import Records


@dataclass(frozen=True)
class VoidPermit:
    voided: PermitVoided


async def void_permit(tx: Tx, command: VoidPermit, *, records: Records) -> None:
    """Never to be used; an order that was made of it and has not begun to send is stopped."""
    voided = command.voided
    permit = await records.permits.get(tx, voided.permit_id)
    if permit is None:
        # Events of one permit come in order, so it was granted for something that is not ours.
        return
    ordered = permit.mass_send_id
    permit.void(permits.PermitVoided.code)
    await records.permits.save(tx, permit)
    if ordered is not None and not await stopped(tx, ordered, records):
        return
    issue = await records.issues.get(tx, voided.subject_id)
    if issue is not None:
        issue.approval_voided(permit.digest, Setback(permits.PermitVoided.code, voided.reason, tx.now))
        await records.issues.save(tx, issue)
