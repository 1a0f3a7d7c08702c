"""Steps that several commands share: what ends an order without a send, and voids what approved it."""

from __future__ import annotations

from contracts.publisher import MassSendRefused
from kit.refusal import Refusal
from kit.transaction import Tx
from services.publisher.domain.issue import IssueNotOpen, Setback
from services.publisher.domain.mass_send import NOT_BEGUN, MassSend
from services.publisher.domain.permit import PermitState, PermitVoided
from services.publisher.ports import Records


async def stop_order(tx: Tx, mass_send_id: str, reason: Refusal, *, records: Records) -> MassSend:
    """Refuse the order, unless its call may have been made.

    The order is written here and when the call begins, so of an edit and a send at the same time one comes first.

    Raises:
        IssueNotOpen: the call was begun, so it is too late.
    """
    order = await records.mass_sends.get(tx, mass_send_id)
    if order is None or order.state not in NOT_BEGUN:
        raise IssueNotOpen
    order.refused(reason.code, reason.shown, tx.now)
    await records.mass_sends.save(tx, order)
    tx.emit(_refusal(order))
    return order


async def stopped(tx: Tx, mass_send_id: str, records: Records) -> bool:
    """Stop the order, since its permit is void. False: the call may have been made, or the order ended before."""
    try:
        await stop_order(tx, mass_send_id, PermitVoided(), records=records)
    except IssueNotOpen:
        return False
    return True


async def void_permits(tx: Tx, issue_id: str, code: str, *, records: Records) -> None:
    """Whatever was granted for the issue and not used yet does not stand any more, whether review knows it or not.

    What was refused is voided too: it could be used by hand, when the text comes back to what it was granted for.
    """
    for permit in await records.permits.of_issue(tx, issue_id):
        if permit.state in (PermitState.GRANTED, PermitState.REFUSED):
            permit.void(code)
            await records.permits.save(tx, permit)


async def refuse_order(tx: Tx, order: MassSend, code: str, detail: str, *, records: Records) -> None:
    """End the order, and show on the issue why."""
    order.refused(code, detail, tx.now)
    await records.mass_sends.save(tx, order)
    await tell_refused(tx, order, records=records)


async def tell_refused(tx: Tx, order: MassSend, *, records: Records) -> None:
    """The order was refused and saved: the issue, and whoever listens, have to know."""
    issue = await records.issues.get(tx, order.issue_id)
    if issue is not None:
        issue.refused(order.mass_send_id, Setback(order.code or "", order.detail or "", tx.now))
        await records.issues.save(tx, issue)
    tx.emit(_refusal(order))


def _refusal(order: MassSend) -> MassSendRefused:
    """The event of a refused order."""
    return MassSendRefused(
        mass_send_id=order.mass_send_id,
        issue_id=order.issue_id,
        account_id=order.account_id,
        code=order.code or "",
        detail=order.detail or "",
    )
