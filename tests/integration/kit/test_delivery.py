"""Events in: once, in order, and never lost, whatever the handler does."""

from __future__ import annotations

import pytest

from contracts.review import CaseVoided
from kit import dead_letters
from kit.clock import SystemClock
from kit.process import app_of
from kit.streams import StreamsMissing
from kit.transaction import Store
from tests.integration.kit.toy import edited, new_toy, submitted, withdrawn
from tests.support.services import Gateway, House, eventually

CONSUMER = "review-on-publisher-issue"


async def applied(gateway: Gateway) -> list[str]:
    return [f"{row['what']}:{row['issue']}" async for row in gateway.database["applied"].find().sort("_id", 1)]


async def until_applied(gateway: Gateway, count: int) -> list[str]:
    async def look() -> list[str]:
        found = await applied(gateway)
        return found if len(found) >= count else []

    found: list[str] = await eventually(look, f"{count} effects")
    return found


async def settled(house: House) -> None:
    """The server waits for no acknowledgement and holds nothing back."""

    async def look() -> bool:
        info = await house.connection.jetstream().consumer_info("PUBLISHER", CONSUMER)
        return not info.num_pending and not info.num_ack_pending

    await eventually(look, "an idle consumer")


async def test_an_event_takes_effect_and_causes_the_next(house: House) -> None:
    toy = await house.start(new_toy())
    cause = await house.publish(submitted("i"))
    assert await until_applied(toy, 1) == ["submitted:i"]
    await house.event(CaseVoided)
    emitted = (await house.envelopes(CaseVoided.subject))[0]
    assert (emitted.causationid, emitted.aggver) == (cause.id, 1)


async def test_a_duplicate_takes_effect_once(house: House) -> None:
    toy = await house.start(new_toy())
    await house.publish(submitted("i"), event_id="same", aggver=1)
    await house.publish(submitted("i"), event_id="same", aggver=1)
    await house.publish(edited("i", 2), aggver=2)
    assert await until_applied(toy, 2) == ["submitted:i", "edited-2:i"]
    await settled(house)
    assert len(await applied(toy)) == 2


async def test_what_comes_too_early_waits_for_its_turn(house: House) -> None:
    toy = await house.start(new_toy())
    for version in (4, 2, 3):
        await house.publish(edited("i", version), aggver=version)
    await settled(house)
    assert await applied(toy) == []
    await house.publish(submitted("i"), aggver=1)
    assert await until_applied(toy, 4) == ["submitted:i", "edited-2:i", "edited-3:i", "edited-4:i"]
    assert await toy.database["parked"].count_documents({}) == 0


async def test_types_without_a_handler_move_the_order_on(house: House) -> None:
    toy = await house.start(new_toy())
    await house.publish(withdrawn("i"), aggver=1)
    await house.publish(submitted("i"), aggver=2)
    assert await until_applied(toy, 1) == ["submitted:i"]


async def test_a_handler_that_fails_at_first_is_tried_again(house: House) -> None:
    failures = iter([RuntimeError("first"), RuntimeError("second"), None])

    def hook(_: str) -> None:
        error = next(failures)
        if error:
            raise error

    toy = await house.start(new_toy(hook))
    await house.publish(submitted("i"))
    assert await until_applied(toy, 1) == ["submitted:i"]
    assert await toy.database["dead_letters"].count_documents({}) == 0


@pytest.mark.parametrize(
    "body", [b"not json", b"\xff\xfe", b"{}", b"[" * 20_000, b'{"specversion":"1.0"}', b"null", b"x" * 900_000]
)
async def test_a_body_that_is_no_event_is_set_aside_with_the_reason(house: House, body: bytes) -> None:
    toy = await house.start(new_toy())
    await house.publish_raw("publisher.issue.submitted.v1", body)
    await house.publish(submitted("i"))
    assert await until_applied(toy, 1) == ["submitted:i"]
    await settled(house)
    letters = await dead_letters.listing(toy.database)
    assert [(letter["reason"], letter["state"]) for letter in letters] == [("Malformed", "new")]
    assert (await dead_letters.show(toy.database, letters[0]["_id"]))["body"] == body


async def test_poison_blocks_its_own_aggregate_only_and_a_replay_lets_it_go_on_in_order(house: House) -> None:
    poisonous = {"submitted:bad"}

    def hook(what: str) -> None:
        if what in poisonous:
            raise RuntimeError("poison")

    toy = await house.start(new_toy(hook))
    # Failed attempts of earlier deliveries, so that this test need not wait for the delays between eight of them.
    poison = await house.publish(submitted("bad"), event_id="poison")
    await toy.database["attempts"].update_one(
        {"_id": f"{CONSUMER}|poison"}, {"$set": {"at": SystemClock().now()}, "$inc": {"count": 7}}, upsert=True
    )
    await house.publish(edited("bad", 2))
    await house.publish(submitted("good"))

    async def buried() -> bool:
        return bool(await dead_letters.listing(toy.database))

    await eventually(buried, "the dead letter")
    await settled(house)
    assert await applied(toy) == ["submitted:good"]
    poisonous.clear()
    await dead_letters.request_replay(toy.database, f"{CONSUMER}|{poison.id}")
    assert await until_applied(toy, 3) == ["submitted:good", "submitted:bad", "edited-2:bad"]
    assert (await dead_letters.show(toy.database, f"{CONSUMER}|{poison.id}"))["state"] == "replayed"


async def test_dropping_a_dead_letter_lets_its_successors_pass(house: House) -> None:
    def hook(what: str) -> None:
        if what == "submitted:bad":
            raise RuntimeError("poison")

    toy = await house.start(new_toy(hook))
    await toy.database["attempts"].insert_one({"_id": f"{CONSUMER}|poison", "count": 7, "at": SystemClock().now()})
    await house.publish(submitted("bad"), event_id="poison")
    await house.publish(edited("bad", 2))

    async def waiting() -> int:
        letters = await toy.database["dead_letters"].count_documents({})
        return letters * await toy.database["parked"].count_documents({})

    await eventually(waiting, "a dead letter and its parked successor")
    store = Store(house.mongo, toy.database, SystemClock(), "review")
    await dead_letters.drop(store, f"{CONSUMER}|poison", why="wrong from the start")
    assert await until_applied(toy, 1) == ["edited-2:bad"]
    with pytest.raises(dead_letters.DeadLetterClosed):
        await dead_letters.drop(store, f"{CONSUMER}|poison", why="again")
    with pytest.raises(dead_letters.DeadLetterNotFound):
        await dead_letters.request_replay(toy.database, "nothing")


async def test_a_service_whose_consumer_is_missing_refuses_to_start(house: House) -> None:
    await house.connection.jetstream().delete_consumer("PUBLISHER", CONSUMER)
    service = new_toy()
    app = app_of(service, roles=("worker",), settings=house.settings(service))
    with pytest.raises(StreamsMissing, match="review-on-publisher-issue: missing"):
        async with app.router.lifespan_context(app):
            pytest.fail("it started")
