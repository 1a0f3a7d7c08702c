"""The toy's consumer alone, in this process, on whatever the server's consumer is like at the moment."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from kit.bus import Bus, subscribe
from kit.clock import SystemClock
from kit.delivery import HEARTBEAT_SECONDS, Delivery
from kit.metrics import Metrics, new_metrics
from kit.mongo import ensure_indexes
from kit.process import KIT_INDEXES
from kit.streams import read_plan
from kit.transaction import Store
from tests.integration.kit.toy import Hook, listening, new_toy
from tests.support.services import House, eventually

CONSUMER = "review-on-publisher-issue"


@dataclass(frozen=True)
class Consuming:
    """A replica that consumes."""

    house: House
    metrics: Metrics

    def duplicates(self) -> float:
        """How many deliveries it recognised as events that had been handled."""
        samples = [sample for family in self.metrics.registry.collect() for sample in family.samples]
        return sum(sample.value for sample in samples if sample.name == "inbox_duplicates_total")


def store_of(house: House) -> Store:
    """The toy's database."""
    return Store(house.mongo, house.database("review"), SystemClock(), "review")


def delivery_of(house: House, hook: Hook, *, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> Delivery:
    """The wrapper around the toy's handlers."""
    return Delivery(store_of(house), listening(hook), CONSUMER, new_metrics(), heartbeat_seconds)


@contextlib.asynccontextmanager
async def consuming(
    house: House, hook: Hook = lambda _: None, *, heartbeat_seconds: float = HEARTBEAT_SECONDS, workers: int = 2
) -> AsyncIterator[Consuming]:
    """Consume as a worker does. Unlike one it starts on a consumer that differs from the plan."""
    delivery = delivery_of(house, hook, heartbeat_seconds=heartbeat_seconds)
    await ensure_indexes(house.database("review"), {**KIT_INDEXES, "counters": (), "applied": ()})
    wires = Bus(house.settings(new_toy()), delivery.metrics)
    broker = wires.broker()
    durable = ("PUBLISHER", CONSUMER, delivery.subscription.filter_subject)
    subscribe(broker, durable=durable, workers=workers, prefix=wires.inbox_prefix, deliver=delivery.deliver)
    await broker.start()
    try:
        yield Consuming(house, delivery.metrics)
    finally:
        wires.stopping = True
        await broker.stop()


async def redelivered_after(house: House, seconds: float) -> None:
    """Let the server give up on a silent consumer sooner."""
    (wanted,) = (consumer for _, consumer in read_plan().consumers if consumer.durable_name == CONSUMER)
    await house.connection.jetstream().add_consumer("PUBLISHER", replace(wanted, ack_wait=seconds))


async def effects(house: House) -> list[str]:
    """What took effect, in order."""
    return [row["what"] async for row in house.database("review")["applied"].find().sort("_id", 1)]


async def until_effects(house: House, count: int) -> list[str]:
    async def look() -> list[str]:
        found = await effects(house)
        return found if len(found) >= count else []

    found: list[str] = await eventually(look, f"{count} effects", seconds=30)
    return found


async def idle(house: House) -> None:
    """The server waits for no acknowledgement and holds nothing back."""

    async def look() -> bool:
        info = await house.connection.jetstream().consumer_info("PUBLISHER", CONSUMER)
        return not info.num_pending and not info.num_ack_pending

    await eventually(look, "an idle consumer", seconds=30)
