"""Turn granted permits into orders. The signature is checked before the transaction that claims the permit."""

from __future__ import annotations

from datetime import timedelta

import structlog
from opentelemetry import propagate, trace

from kit.keys import KeysUnavailable
from kit.refusal import Refusal
from services.publisher.commands.order_mass_send import OrderMassSend, order_mass_send
from services.publisher.commands.refuse_permit import RefusePermit, refuse_permit
from services.publisher.dependencies import Dependencies
from services.publisher.domain.permit import Permit, PermitForged

MOST_AT_ONCE = 50
log = structlog.get_logger("ordering")
tracer = trace.get_tracer("publisher.ordering")


async def order_granted(deps: Dependencies) -> int:
    """Order whatever was granted and not ordered yet; answers how many permits were looked at.

    One that cannot be looked at, for whatever reason, holds up no other.
    """
    permits = await deps.records.permits.to_order(deps.clock.now(), MOST_AT_ONCE)
    for permit in permits:
        context = propagate.extract({"traceparent": permit.trace} if permit.trace else {})
        with tracer.start_as_current_span("order mass_send", context=context):
            try:
                await _order(deps, permit)
            except Exception:
                log.exception("permit_not_ordered", permit_id=permit.permit_id)
    return len(permits)


async def order_by_token(deps: Dependencies, issue_id: str, token: str) -> OrderMassSend:
    """A permit in hand as a command: its signature verified, nothing claimed.

    Raises:
        PermitForged
    """
    claims = await deps.permit_seals.read(token)
    return OrderMassSend(issue_id, claims, token, current_trace(), leeway_of(deps))


async def _order(deps: Dependencies, permit: Permit) -> None:
    try:
        claims = await deps.permit_seals.read(permit.token or "")
        if claims.jti != permit.permit_id:
            # The event names another permit than the one it carries.
            raise PermitForged
        command = OrderMassSend(permit.subject_id, claims, permit.token or "", permit.trace, leeway_of(deps))
        await deps.store.transact(lambda tx: order_mass_send(tx, command, records=deps.records))
    except KeysUnavailable:
        raise  # It is not known whether the permit is good: it stays, and is looked at again.
    except Refusal as refusal:
        log.warning("permit_refused", permit_id=permit.permit_id, code=refusal.code)
        refused = RefusePermit(permit.permit_id, refusal.code, refusal.shown)
        await deps.store.transact(lambda tx: refuse_permit(tx, refused, records=deps.records))


def current_trace() -> str | None:
    """The context of the current span, to be continued by whoever does the work later."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


def leeway_of(deps: Dependencies) -> timedelta:
    return timedelta(seconds=deps.settings.permit_leeway_seconds)
