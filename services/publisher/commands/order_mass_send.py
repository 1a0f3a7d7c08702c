"""Turn a permit into an order: held against the issue and claimed in the transaction that makes the order, so it is
used once. Its signature was verified before (`processes/ordering.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contracts.permit import PermitClaims
from contracts.publisher import MassSendOrdered
from kit.ids import derived_id
from kit.refusal import NotFound
from kit.transaction import Tx
from services.publisher.domain.issue import WAITING, Issue, State
from services.publisher.domain.mass_send import MassSend, Window, mass_send_id_of
from services.publisher.domain.permit import (
    MASS_SEND,
    Permit,
    PermitForeign,
    PermitStale,
    PermitUsed,
    PermitVoided,
    Use,
    require_allows,
)
from services.publisher.ports import Records

PREPARE_AHEAD = timedelta(minutes=1)
"""A scheduled send is uploaded and drafted before its time."""


@dataclass(frozen=True)
class OrderMassSend:
    """`claims`: what review signed, its signature verified. `trace`: the context that the send continues."""

    issue_id: str
    claims: PermitClaims
    token: str
    trace: str | None
    leeway: timedelta


async def order_mass_send(tx: Tx, command: OrderMassSend, *, records: Records) -> str:
    """Claim the permit and make the order; answers its id.

    Raises:
        PermitForeign, PermitUsed, PermitVoided, PermitExpired, PermitNotYetValid, PermitStale
        AccountNotConnected
    """
    claims = command.claims
    issue = await records.issues.get(tx, command.issue_id)
    account = await records.accounts.get(tx, issue.account_id) if issue else None
    if issue is None or account is None:
        raise NotFound
    permit = await records.permits.get(tx, claims.jti)
    moment = max(tx.now, issue.content.send_at or tx.now)
    use = Use(MASS_SEND, issue.account_id, issue.issue_id, issue.digest, moment)
    require_allows(claims, use, permit, command.leeway)
    _require_waiting(issue)
    account.require_connected()
    permit = permit or _permit(command, tx.now)
    order = _order(issue, permit, command, tx.now, moment)
    permit.use(order.mass_send_id)
    issue.ordered(order.mass_send_id, tx.now)
    await records.permits.save(tx, permit)
    await records.mass_sends.save(tx, order)
    await records.issues.save(tx, issue)
    tx.emit(
        MassSendOrdered(
            mass_send_id=order.mass_send_id,
            issue_id=issue.issue_id,
            account_id=issue.account_id,
            permit_id=permit.permit_id,
            case_id=permit.case_id,
        )
    )
    return order.mass_send_id


def _require_waiting(issue: Issue) -> None:
    """Our own word on the approval: void as soon as somebody edited or took back, whatever review knows of it."""
    if issue.state in (State.ORDERED, State.SENT):
        raise PermitUsed(mass_send_id=issue.mass_send_id)
    if issue.submission is not None and issue.submission.digest != issue.digest:
        raise PermitStale(approved=issue.submission.digest, present=issue.digest)
    if issue.state not in WAITING:
        raise PermitVoided(state=issue.state)


def _permit(command: OrderMassSend, now: datetime) -> Permit:
    """The permit as its token tells of it, when its event has not come yet."""
    claims = command.claims
    if not claims.jti or not claims.case_id:
        raise PermitForeign
    return Permit(
        permit_id=claims.jti,
        case_id=claims.case_id,
        account_id=claims.account_id,
        subject_id=claims.subject_id,
        digest=claims.digest,
        not_before=datetime.fromtimestamp(claims.nbf, UTC),
        not_after=datetime.fromtimestamp(claims.exp, UTC),
        noted_at=now,
        order_at=now,
        token=command.token,
        trace=command.trace,
    )


def _order(issue: Issue, permit: Permit, command: OrderMassSend, now: datetime, moment: datetime) -> MassSend:
    claims, mass_send_id = command.claims, mass_send_id_of(permit.permit_id)
    window = Window(
        permit.permit_id,
        permit.case_id,
        datetime.fromtimestamp(claims.nbf, UTC),
        datetime.fromtimestamp(claims.exp, UTC),
    )
    return MassSend(
        mass_send_id=mass_send_id,
        issue_id=issue.issue_id,
        account_id=issue.account_id,
        unit_path=issue.unit_path,
        payload=issue.payload,
        digest=issue.digest,
        window=window,
        mandate_id=issue.mandate_id,
        client_msg_id=derived_id("clientmsgid", issue.account_id, mass_send_id),
        ordered_at=now,
        send_at=moment,
        due_at=max(now, moment - PREPARE_AHEAD),
        trace=command.trace,
    )
