"""Steps that the commands which carry out an order share: the order and the claim on it, and whether it may be sent."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.publisher import MassSendOutcomeUnknown
from kit.transaction import Tx
from services.publisher.domain.issue import State
from services.publisher.domain.mass_send import MassSend
from services.publisher.domain.permit import PermitStale, PermitState, PermitVoided
from services.publisher.ports import Records


@dataclass(frozen=True)
class Claim:
    """An order that is ours for a while, as it was when we claimed it."""

    order: MassSend
    fence: int


async def order_of(tx: Tx, mass_send_id: str, records: Records) -> MassSend:
    """An order that is known to exist."""
    order = await records.mass_sends.get(tx, mass_send_id)
    assert order is not None
    return order


async def claimed(tx: Tx, mass_send_id: str, fence: int, records: Records) -> MassSend:
    """Raises LostClaim."""
    order = await order_of(tx, mass_send_id, records)
    order.require_claim(fence)
    return order


async def require_approved(tx: Tx, order: MassSend, records: Records) -> None:
    """Whoever voids an approval writes the order as well, so what is read here cannot change unnoticed.

    Raises:
        PermitVoided, PermitStale
    """
    permit = await records.permits.get(tx, order.window.permit_id)
    if permit is None or permit.code is not None or permit.state is not PermitState.USED:
        raise PermitVoided
    issue = await records.issues.get(tx, order.issue_id)
    if issue is None or issue.state is not State.ORDERED or issue.mass_send_id != order.mass_send_id:
        raise PermitVoided
    if issue.digest != order.digest:
        raise PermitStale


def tell_unknown(tx: Tx, order: MassSend) -> None:
    """Nobody knows what came of the call."""
    tx.emit(
        MassSendOutcomeUnknown(
            mass_send_id=order.mass_send_id,
            issue_id=order.issue_id,
            account_id=order.account_id,
            detail=order.detail or "",
        )
    )
