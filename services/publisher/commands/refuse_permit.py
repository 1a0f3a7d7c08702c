"""A permit that came by event could not be turned into an order."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.publisher import MassSendRefused
from kit.transaction import Tx
from services.publisher.domain.issue import WAITING, Setback
from services.publisher.domain.mass_send import mass_send_id_of
from services.publisher.domain.permit import (
    PermitState,
)
from services.publisher.ports import Records


@dataclass(frozen=True)
class RefusePermit:
    """`code`, `detail`: why not."""

    permit_id: str
    code: str
    detail: str


async def refuse_permit(tx: Tx, command: RefusePermit, *, records: Records) -> None:
    """Note why, on the permit and for the people who wait for the issue."""
    permit = await records.permits.get(tx, command.permit_id)
    if permit is None or permit.state != "granted":
        return
    permit.refuse(command.code)
    await records.permits.save(tx, permit)
    if permit.state is PermitState.GRANTED:
        return
    issue = await records.issues.get(tx, permit.subject_id)
    if issue is None:
        return
    if issue.account_id == permit.account_id and issue.state in WAITING:
        issue.refused(None, Setback(command.code, command.detail, tx.now))
        await records.issues.save(tx, issue)
    tx.emit(
        MassSendRefused(
            mass_send_id=mass_send_id_of(permit.permit_id),
            issue_id=permit.subject_id,
            account_id=permit.account_id,
            code=command.code,
            detail=command.detail,
        )
    )
