"""What a harvest finds leaves at once; what does not get through goes by the outbox, in order, and once."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from contracts.micro_community import MemberJoined
from kit import embedded, outbox
from kit.carriers import Harvested
from kit.clock import SystemClock
from kit.embedded import Writing
from kit.harvest import Harvest
from kit.lease import Lease
from kit.metrics import new_metrics
from kit.mongo import ensure_indexes
from kit.relay import Relay
from kit.sending import Sender, Sent
from kit.streams import apply, read_plan
from kit.transaction import Store, Tx
from tests.integration.kit.test_embedded import Counting, happened
from tests.support.services import House

STREAM = "MICRO_COMMUNITY"


class Place:
    """A database with documents that carry events, and a harvest that sends them."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.store = Store(house.mongo, house.database("micro_community"), SystemClock(), "micro_community")
        self.things = self.store.database["things"]
        self.outbox = self.store.database["outbox"]
        self.counting = Counting()
        self.sender = Sender(house.connection, STREAM)
        self.harvest = Harvest(
            self.store, ("things",), self.counting.project, self.counting.announce, sender=self.sender
        )

    async def put(self, *names: str) -> None:
        await ensure_indexes(self.store.database, {**outbox.INDEXES, "things": (embedded.INDEX,), "counters": ()})
        for name in names:
            await embedded.insert(self.things, {"_id": name}, [happened(name)], self._writing())

    async def change(self, name: str, version: int, events: int = 1) -> None:
        await embedded.save(self.things, {"_id": name}, [happened(name)] * events, self._writing(), version=version)

    async def relay(self) -> None:
        lease = Lease(self.store.database, "relay")
        assert await lease.hold()
        await Relay(self.store.database, self.sender, SystemClock(), new_metrics()).drain(lease)
        await lease.release()

    async def published(self) -> list[tuple[str, int]]:
        return [(found.subject, found.aggver) for found in await self.house.envelopes(MemberJoined.subject)]

    async def boxed(self) -> dict[tuple[str, int], str]:
        return {(row["aggregate"], row["aggver"]): row["state"] async for row in self.outbox.find()}

    async def counted(self) -> int:
        row = await self.store.database["counters"].find_one({"_id": 1})
        return int(row["events"]) if row else 0

    def _writing(self) -> Writing:
        return Writing("micro_community", self.store.clock.now())


class Broken(Sender):
    """A network that does what no library says it does."""

    async def send(self, *_: Any) -> Sent:
        raise OSError("a socket that is no more")


@pytest.fixture
def place(house: House) -> Place:
    return Place(house)


async def test_events_leave_in_order_without_the_outbox(place: Place) -> None:
    await place.put("x", "y")
    await place.change("x", 1, events=2)
    await place.harvest.harvest()
    found = await place.published()
    assert sorted(found) == [("member/x", 1), ("member/x", 2), ("member/x", 3), ("member/y", 1)]
    assert [version for name, version in found if name == "member/x"] == [1, 2, 3]
    assert (await place.boxed(), await place.counted()) == ({}, 4)
    assert await place.things.count_documents({"unsent_at": {"$exists": True}}) == 0


async def test_while_the_stream_is_away_they_wait_in_the_outbox_and_what_follows_waits_behind(place: Place) -> None:
    jetstream = place.house.connection.jetstream()
    await jetstream.delete_stream(STREAM)
    await place.put("x")
    await place.harvest.harvest()
    assert (await place.boxed(), await place.counted()) == ({("member/x", 1): "pending"}, 1)
    await apply(jetstream, read_plan(replicas=1))
    await place.change("x", 1)
    await place.harvest.harvest()
    assert await place.published() == [], "the second must not overtake the first"
    await place.relay()
    assert await place.published() == [("member/x", 1), ("member/x", 2)]
    await place.change("x", 2)
    await place.harvest.harvest()
    assert await place.published() == [("member/x", 1), ("member/x", 2), ("member/x", 3)]
    assert (await place.boxed(), await place.counted()) == ({("member/x", 1): "sent", ("member/x", 2): "sent"}, 3)


async def test_another_harvest_begins_with_what_the_last_one_left(place: Place) -> None:
    jetstream = place.house.connection.jetstream()
    await jetstream.delete_stream(STREAM)
    await place.put("x")
    await place.harvest.harvest()
    await apply(jetstream, read_plan(replicas=1))
    await place.change("x", 1)
    await Place(place.house).harvest.harvest()
    assert await place.published() == []
    assert await place.boxed() == {("member/x", 1): "pending", ("member/x", 2): "pending"}


async def test_a_document_that_changes_all_the_time_holds_nobody_up(place: Place) -> None:
    """It is written to between being read and being projected, every time."""
    await place.put("restless", "x", "y")
    version, project = 1, place.counting.project

    async def meanwhile(tx: Tx, harvested: Harvested) -> int:
        nonlocal version
        if any(carrier.document["_id"] == "restless" for carrier in harvested):
            await place.change("restless", version)
            version += 1
        return await project(tx, harvested)

    place.harvest.project = meanwhile
    assert await place.harvest.harvest() == 2
    assert await place.things.distinct("_id", {"unsent_at": {"$exists": True}}) == ["restless"]
    assert await place.counted() == 2
    place.harvest.project = project
    await place.harvest.harvest()
    found = await place.published()
    assert [one for name, one in found if name == "member/restless"] == list(range(1, version + 1))
    assert await place.counted() == 2 + version


async def test_what_waits_in_the_outbox_is_found_by_its_index(place: Place) -> None:
    """However much was sent in thirty days."""
    await place.put("x")
    await place.house.mongo[place.store.database.name].command("profile", 2)
    await place.harvest.harvest()
    await place.store.database.command("profile", 0)
    looks = place.store.database["system.profile"].find({"ns": {"$regex": "outbox"}, "command.find": "outbox"})
    plans = [look["planSummary"] async for look in looks]
    assert len(plans) == 2 and not any("COLLSCAN" in plan for plan in plans), plans


async def test_what_nobody_expected_of_the_network_ends_nothing(place: Place) -> None:
    place.harvest.sender = Broken(place.house.connection, STREAM)
    await place.put("x")
    await place.harvest.harvest()
    assert (await place.boxed(), await place.counted()) == ({("member/x", 1): "pending"}, 1)


async def test_sent_and_then_interrupted_it_is_sent_and_counted_once(place: Place) -> None:
    await place.put("x")
    place.counting.faults = [AutoReconnect("lost")]
    with pytest.raises(AutoReconnect):
        await place.harvest.harvest()
    assert (await place.published(), await place.counted()) == ([("member/x", 1)], 0)
    await Place(place.house).harvest.harvest()
    assert (await place.published(), await place.boxed(), await place.counted()) == ([("member/x", 1)], {}, 1)


async def test_what_the_server_refuses_for_good_holds_back_its_own_aggregate_only(place: Place) -> None:
    await place.put("x", "y")
    await place.things.update_one({"_id": "x"}, {"$set": {"unsent.0.body": "x" * 1_200_000}})
    await place.harvest.harvest()
    await place.relay()
    await place.change("x", 1)
    await place.change("y", 1)
    await place.harvest.harvest()
    await place.relay()
    assert await place.published() == [("member/y", 1), ("member/y", 2)]
    boxed = {("member/x", 1): "failed", ("member/x", 2): "pending", ("member/y", 2): "sent"}
    assert (await place.boxed(), await place.counted()) == (boxed, 4)
