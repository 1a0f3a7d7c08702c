"""The worker of orders: finds those that are due, and advances several at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import structlog
from opentelemetry import propagate, trace

from services.publisher.dependencies import Dependencies
from services.publisher.domain.mass_send import LostClaim, MassSend, Work
from services.publisher.processes import carrying_out

log = structlog.get_logger("sending")
tracer = trace.get_tracer("publisher.sending")

STEPS: Mapping[Work, Callable[[Dependencies, str], Awaitable[None]]] = MappingProxyType(
    {
        Work.PREPARE: carrying_out.prepare,
        Work.SEND: carrying_out.send,
        Work.GIVE_UP_WAITING: carrying_out.give_up,
        Work.RECONCILE: carrying_out.reconcile,
        Work.ASK: carrying_out.ask,
    }
)


@dataclass(frozen=True)
class Sending:
    """Orders under way in this process. A slow account holds up no other."""

    deps: Dependencies
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def look(self) -> None:
        """Start on whatever is due, as far as there is room; does not wait for it."""
        room = self.deps.settings.most_sends_at_once - len(self.running)
        if room <= 0:
            return
        due = await self.deps.records.mass_sends.due(self.deps.clock.now(), room, list(self.running))
        for order in due:
            self._start(order)

    async def close(self) -> None:
        """Let what is under way come to its end, for a while. What is cut off is found again by its lease."""
        tasks = list(self.running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self.deps.settings.drain_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, order: MassSend) -> None:
        task = asyncio.create_task(self._advance(order))
        self.running[order.mass_send_id] = task
        task.add_done_callback(lambda _: self.running.pop(order.mass_send_id, None))

    async def _advance(self, order: MassSend) -> None:
        """Step by step, until there is nothing to do at once. The trace is that of the click which permitted it."""
        context = propagate.extract({"traceparent": order.trace} if order.trace else {})
        mass_send_id = order.mass_send_id
        try:
            while (work := order.work(self.deps.clock.now())) is not None:
                with tracer.start_as_current_span(f"{work} mass_send", context=context) as span:
                    span.set_attribute("mass_send.id", mass_send_id)
                    await STEPS[work](self.deps, mass_send_id)
                again = await self.deps.records.mass_sends.read(mass_send_id)
                if again is None or again.version == order.version:
                    return
                order = again
        except LostClaim as lost:
            log.info("claim_lost", mass_send_id=mass_send_id, detail=str(lost))
        except Exception:
            log.exception("mass_send_step_failed", mass_send_id=mass_send_id)
