"""Events that cannot be handled, handlers that take too long, and replays that are asked for twice."""

from __future__ import annotations

import asyncio
import random

import pytest

from contracts.envelope import CloudEvent
from kit import dead_letters
from kit.clock import SystemClock
from kit.ids import new_id
from kit.metrics import new_metrics
from kit.sweeper import Sweeper
from tests.integration.kit.consuming import (
    CONSUMER,
    consuming,
    delivery_of,
    effects,
    idle,
    redelivered_after,
    store_of,
    until_effects,
)
from tests.integration.kit.toy import edited, submitted
from tests.support.services import House, eventually


async def almost_given_up(house: House, event_id: str) -> None:
    """Seven failed attempts, so that a test need not wait for the delays between eight."""
    await house.database("review")["attempts"].insert_one(
        {"_id": f"{CONSUMER}|{event_id}", "count": 7, "at": SystemClock().now()}
    )


async def buried(house: House) -> None:
    async def look() -> bool:
        return bool(await dead_letters.listing(house.database("review")))

    await eventually(look, "the dead letter")


@pytest.mark.parametrize("order", [(1, 2, 3, 4, 5, 6), (3, 6, 4, 5, 1, 2)], ids=["in order", "parked first"])
async def test_poison_in_the_middle_parks_what_follows_and_a_replay_finishes_in_order(
    house: House, order: tuple[int, ...]
) -> None:
    poisonous = {"edited-3:i"}

    def hook(what: str) -> None:
        if what in poisonous:
            raise RuntimeError("poison")

    database = house.database("review")
    sweeper = Sweeper(database, {CONSUMER: delivery_of(house, hook)}, new_metrics())
    await almost_given_up(house, "poison")
    async with consuming(house, hook, workers=1):
        for version in order:
            event = submitted("i") if version == 1 else edited("i", version)
            await house.publish(event, event_id="poison" if version == 3 else None, aggver=version)
        await until_effects(house, 2)
        await idle(house)
    await sweeper.sweep()
    assert await effects(house) == ["submitted", "edited-2"]
    assert [row["aggver"] async for row in database["parked"].find().sort("aggver", 1)] == [4, 5, 6]
    poisonous.clear()
    await dead_letters.request_replay(database, f"{CONSUMER}|poison")
    await sweeper.sweep()
    assert await effects(house) == ["submitted", *(f"edited-{version}" for version in range(2, 7))]
    assert await database["parked"].count_documents({}) == 0
    letter = await dead_letters.show(database, f"{CONSUMER}|poison")
    assert (letter["state"], letter["reason"], letter["aggver"]) == ("replayed", "RuntimeError", 3)


async def test_a_replay_that_is_run_twice_at_once_has_one_effect(house: House) -> None:
    poisonous = {"submitted:i"}

    def hook(what: str) -> None:
        if what in poisonous:
            raise RuntimeError("poison")

    await almost_given_up(house, "poison")
    async with consuming(house, hook):
        await house.publish(submitted("i"), event_id="poison")
        await buried(house)
    poisonous.clear()
    database = house.database("review")
    await dead_letters.request_replay(database, f"{CONSUMER}|poison")
    sweepers = [Sweeper(database, {CONSUMER: delivery_of(house, hook)}, new_metrics()) for _ in range(4)]
    await asyncio.gather(*(sweeper.sweep() for sweeper in sweepers))
    assert await effects(house) == ["submitted"]
    assert (await dead_letters.show(database, f"{CONSUMER}|poison"))["state"] == "replayed"


async def test_an_event_that_ends_the_process_each_time_is_set_aside_in_the_end(house: House) -> None:
    seen: list[str] = []

    async with consuming(house):
        await house.publish(submitted("first"))
        await until_effects(house, 1)
    await almost_given_up(house, "deadly")
    deadly = CloudEvent(
        id="deadly",
        source="/publisher",
        type="publisher.issue.submitted.v1",
        subject="issue/deadly",
        time=SystemClock().now(),
        aggver=1,
        data=submitted("deadly").model_dump(mode="json"),
    )
    body = deadly.model_dump_json(exclude_none=True).encode()
    # It came back without an exception four times: whoever had it died of it.
    outcome = await delivery_of(house, seen.append).handle(body, "PUBLISHER:9", deliveries=4)
    assert (outcome, seen) == ("dead_letter", [])
    letter = await dead_letters.show(house.database("review"), f"{CONSUMER}|deadly")
    assert letter["error"] == "never finished"


@pytest.mark.parametrize(("heartbeat", "deliveries"), [(0.2, 1), (60.0, 2)], ids=["kept alive", "control without"])
async def test_a_handler_longer_than_the_servers_patience(house: House, heartbeat: float, deliveries: int) -> None:
    await redelivered_after(house, 1.0)
    async with consuming(house, lambda _: asyncio.sleep(2.5), heartbeat_seconds=heartbeat) as replica:
        await house.publish(submitted("i"))
        await until_effects(house, 1)
        await idle(house)
        if deliveries > 1:

            async def twice() -> bool:
                return replica.duplicates() > 0

            await eventually(twice, "the second delivery, recognised")
        else:
            assert replica.duplicates() == 0
    assert await effects(house) == ["submitted"]


async def test_events_that_come_several_times_and_in_any_order_take_effect_once_and_in_order(house: House) -> None:
    dice = random.Random(5)
    aggregates = [f"i{number}" for number in range(5)]
    events = [(name, version, new_id()) for name in aggregates for version in range(1, 7)]
    shuffled = [event for event in events for _ in range(dice.randint(1, 5))]
    dice.shuffle(shuffled)
    async with consuming(house) as replica, consuming(house) as other:
        for name, version, event_id in shuffled:
            event = submitted(name) if version == 1 else edited(name, version)
            await house.publish(event, event_id=event_id, aggver=version)
        await until_effects(house, len(events))
        await idle(house)

        async def nothing_parked() -> bool:
            return not await house.database("review")["parked"].count_documents({})

        await eventually(nothing_parked, "nothing parked")
        assert replica.duplicates() + other.duplicates() > 0
    assert len(await effects(house)) == len(events)
    for name in aggregates:
        order = [row["what"] async for row in house.database("review")["applied"].find({"issue": name}).sort("_id", 1)]
        assert order == ["submitted", *(f"edited-{version}" for version in range(2, 7))]


async def test_the_gate_alone_keeps_an_event_from_happening_again_when_the_inbox_has_forgotten_it(house: House) -> None:
    async with consuming(house):
        await house.publish(submitted("i"), event_id="first", aggver=1)
        await until_effects(house, 1)
        await store_of(house).database["inbox"].delete_many({})
        await house.publish(submitted("i"), event_id="first", aggver=1)
        await house.publish(edited("i", 2), aggver=2)
        await until_effects(house, 2)
        await idle(house)
    assert await effects(house) == ["submitted", "edited-2"]
