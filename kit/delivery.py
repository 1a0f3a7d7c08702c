"""The delivery wrapper: whatever a handler does or suffers, no exception loses a message.

FastStream's own policies lose one (reject on error), or burn all its deliveries at once (nack without delay), so the
wrapper takes every decision itself: acknowledge after the commit; a transient fault goes back with a growing,
jittered delay for as long as it takes; a fault of the event or the handler is counted in the database, and after
`MOST_ATTEMPTS` the event is set aside as a dead letter. See docs/kit/delivery.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import structlog
from faststream.nats import NatsMessage
from nats.errors import Error as NatsError
from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, StatusCode
from pymongo.errors import ConnectionFailure, ExecutionTimeout, PyMongoError, WTimeoutError

from contracts.envelope import CloudEvent
from kit import dead_letters, inbox
from kit.inbox import Outcome
from kit.metrics import Metrics
from kit.subscriptions import Malformed, Subscription, parse
from kit.transaction import Cause, Store, Tx

MOST_ATTEMPTS = 8
SUSPICIOUS_DELIVERIES = 3
LONGEST_DELAY = 10.0
HEARTBEAT_SECONDS = 10.0
PASSING = (ConnectionFailure, ExecutionTimeout, WTimeoutError, NatsError, TimeoutError, OSError)

log = structlog.get_logger("delivery")
tracer = trace.get_tracer("kit.delivery")


@dataclass(frozen=True)
class Delivery:
    """Serves one subscription for one service. `consumer` is the durable's name."""

    store: Store
    subscription: Subscription
    consumer: str
    metrics: Metrics
    heartbeat_seconds: float = HEARTBEAT_SECONDS
    """How often the server is told that a handler is still at work; well below the consumer's `ack_wait`."""

    async def deliver(self, message: NatsMessage) -> None:
        """Handle one message off the stream, to its acknowledgement."""
        raw = message.raw_message
        meta = raw.metadata
        where = f"{meta.stream}:{meta.sequence.stream}"
        deliveries = meta.num_delivered or 1
        async with _kept_alive(message, self.heartbeat_seconds):
            try:
                outcome = await self.handle(raw.data, where, deliveries=deliveries, headers=raw.headers or {})
            except Exception as error:
                if not is_passing(error):
                    log.exception("delivery_failed", consumer=self.consumer, where=where)
                await message.nack(delay=delay_after(deliveries))
                return
        log.debug("delivered", consumer=self.consumer, where=where, outcome=outcome)
        await message.ack()

    async def handle(
        self, body: bytes, where: str, *, deliveries: int = 1, headers: dict[str, str] | None = None
    ) -> str:
        """Let the event take effect, or set it aside. Whatever is raised means: try again later."""
        try:
            envelope = parse(body)
        except Malformed as error:
            return await self._bury(body, error, envelope=None, where=where)
        if deliveries > SUSPICIOUS_DELIVERIES and await self._attempted(envelope) >= MOST_ATTEMPTS:
            # It came back without an exception each time: it may be what kills the process.
            return await self._bury(body, RuntimeError("never finished"), envelope=envelope, where=where)
        parent = propagate.extract(headers or {})
        with tracer.start_as_current_span(f"process {envelope.type}", context=parent, kind=SpanKind.CONSUMER) as span:
            span.set_attribute("messaging.message.id", envelope.id)
            span.set_attribute("messaging.consumer.group.name", self.consumer)
            span.set_attribute("messaging.message.delivery_attempt", deliveries)
            try:
                outcome = await self.apply(envelope)
            except Exception as error:
                span.record_exception(error)
                if is_passing(error):
                    raise
                count = await self._attempted(envelope)
                if count < MOST_ATTEMPTS and not isinstance(error, Malformed):
                    raise
                span.set_status(StatusCode.ERROR, str(error))
                return await self._bury(body, error, envelope=envelope, where=where)
        return outcome

    async def apply(self, envelope: CloudEvent, *, replay: bool = False) -> Outcome:
        """Effect and memory in one transaction; then whatever had been waiting for it."""
        begun = time.perf_counter()

        async def work(tx: Tx) -> Outcome:
            outcome = await inbox.receive(tx, self.consumer, envelope, self.subscription.run, replay=replay)
            if replay:
                await dead_letters.close(tx, f"{self.consumer}|{envelope.id}", "replayed")
            return outcome

        cause = Cause(envelope.id, envelope.correlationid)
        outcome = await self.store.transact(work, cause=cause)
        self.metrics.handler_seconds.labels(envelope.type).observe(time.perf_counter() - begun)
        self.metrics.deliveries.labels(envelope.type, outcome).inc()
        if outcome is Outcome.DUPLICATE:
            self.metrics.duplicates.labels(envelope.type).inc()
        if outcome is not Outcome.PARKED:
            await self.drain(envelope.subject)
        return outcome

    async def drain(self, aggregate: str) -> None:
        """Apply what was parked for the aggregate, one transaction each, as far as it goes."""
        parked = self.store.database["parked"]
        while await parked.find_one({"consumer": self.consumer, "aggregate": aggregate}, {"_id": 1}):
            try:
                if not await self._next_parked(aggregate):
                    return
            except Exception as error:
                # The event that led here is done; the parked one is the sweeper's, which counts its attempts.
                log.warning("parked_event_failed", consumer=self.consumer, aggregate=aggregate, error=repr(error))
                return

    async def _next_parked(self, aggregate: str) -> CloudEvent | None:
        async def work(tx: Tx) -> CloudEvent | None:
            async def run(tx: Tx, envelope: CloudEvent) -> None:
                tx.cause = Cause(envelope.id, envelope.correlationid)
                await self.subscription.run(tx, envelope)

            return await inbox.receive_parked(tx, self.consumer, aggregate, run)

        return await self.store.transact(work)

    async def retry_parked(self, envelope: CloudEvent, body: bytes) -> None:
        """One counted attempt at a parked event whose turn it is; after the last one it is set aside."""
        try:
            await self._next_parked(envelope.subject)
        except Exception as error:
            if is_passing(error):
                raise
            if await self._attempted(envelope) >= MOST_ATTEMPTS or isinstance(error, Malformed):
                await self._bury(body, error, envelope=envelope, where="parked")

    async def _attempted(self, envelope: CloudEvent) -> int:
        row = await self.store.database["attempts"].find_one_and_update(
            {"_id": f"{self.consumer}|{envelope.id}"},
            {"$inc": {"count": 1}, "$set": {"at": self.store.clock.now()}},
            upsert=True,
            return_document=True,
        )
        return int(row["count"])

    async def _bury(self, body: bytes, error: Exception, *, envelope: CloudEvent | None, where: str) -> str:
        async def work(tx: Tx) -> None:
            await dead_letters.bury(tx, self.consumer, body, error, envelope=envelope, where=where)
            if envelope:
                await tx.collection("parked").delete_one({"_id": f"{self.consumer}|{envelope.id}"}, session=tx.session)

        await self.store.transact(work)
        self.metrics.dead_letters.labels(self.consumer, type(error).__name__).inc()
        log.error("dead_letter", consumer=self.consumer, where=where, error=repr(error))
        return "dead_letter"


def is_passing(error: BaseException) -> bool:
    """True for faults of the surroundings, which end by themselves and are not the event's."""
    if isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError"):
        return True
    return isinstance(error, PASSING)


def delay_after(deliveries: int) -> float:
    """Seconds until the next attempt: doubling from a quarter second, capped, spread out."""
    ceiling = min(LONGEST_DELAY, 0.25 * 2.0 ** min(deliveries, 10))
    return ceiling * random.uniform(0.5, 1.0)  # noqa: S311


@contextlib.asynccontextmanager
async def _kept_alive(message: NatsMessage, seconds: float) -> AsyncIterator[None]:
    """Tell the server that work goes on, so that a long handler's message is not given to another."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(seconds)
            with contextlib.suppress(NatsError):
                await message.in_progress()

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
