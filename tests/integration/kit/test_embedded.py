"""Events inside their document: stored with it, moved once, projected once, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from contracts.micro_community import MemberJoined
from kit import embedded, outbox
from kit.carriers import Harvested
from kit.clock import SystemClock
from kit.embedded import Writing
from kit.harvest import Harvest
from kit.ids import new_id
from kit.mongo import connect, ensure_indexes
from kit.refusal import StaleVersion
from kit.transaction import IdempotencyKeyReused, Store, Tx
from stack.servers import Mongod


def happened(name: str) -> MemberJoined:
    return MemberJoined(member_id=name, account_id="a", joined_at=SystemClock().now())


@dataclass
class Counting:
    """A projection that counts; `faults` are raised first, one each time."""

    faults: list[Exception] = field(default_factory=list)
    refuses: str | None = None
    announced: list[Any] = field(default_factory=list)

    async def project(self, tx: Tx, harvested: Harvested) -> int:
        if any(carrier.document["_id"] == self.refuses for carrier in harvested):
            raise ValueError("cannot be projected")
        for carrier in harvested:
            change = {"$inc": {"events": len(carrier.document["unsent"])}}
            await tx.collection("counters").update_one({"_id": 1}, change, upsert=True, session=tx.session)
        if self.faults:
            raise self.faults.pop()
        return len(harvested)

    async def announce(self, result: Any) -> None:
        self.announced.append(result)


@pytest.fixture
async def store(mongod: Mongod) -> AsyncIterator[Store]:
    client = connect(mongod.admin_url, app="tests")
    database = client[f"embedded_{new_id()[-12:]}"]
    await ensure_indexes(database, {**outbox.INDEXES, "things": (embedded.INDEX,), "counters": ()})
    yield Store(client, database, SystemClock(), "toy")
    await client.drop_database(database.name)
    client.close()


def harvest(store: Store, counting: Counting) -> Harvest:
    return Harvest(store, ("things",), counting.project, counting.announce)


def writing(store: Store) -> Writing:
    return Writing("toy", store.clock.now())


async def put(store: Store, name: str, **fields: Any) -> dict[str, Any]:
    return await embedded.insert(store.database["things"], {"_id": name, **fields}, [happened(name)], writing(store))


async def outboxed(store: Store) -> list[tuple[str, int]]:
    rows = store.database["outbox"].find().sort([("aggregate", 1), ("aggver", 1)])
    return [(row["aggregate"], row["aggver"]) async for row in rows]


async def test_twenty_inserts_of_one_key_are_one_document_and_one_event(store: Store) -> None:
    stored = await asyncio.gather(*(put(store, "x", fingerprint="f", n=n) for n in range(20)))
    assert len({document["n"] for document in stored}) == 1
    with pytest.raises(IdempotencyKeyReused):
        await put(store, "x", fingerprint="another")
    counting = Counting()
    assert await harvest(store, counting).harvest() == 1
    assert await outboxed(store) == [("member/x", 1)]
    assert counting.announced == [1]


async def test_versions_go_on_without_gaps_over_harvests(store: Store) -> None:
    things, counting = store.database["things"], Counting()
    await put(store, "x")
    await embedded.save(things, {"_id": "x", "a": 1}, [happened("x"), happened("x")], writing(store), version=1)
    await harvest(store, counting).harvest()
    await embedded.save(things, {"_id": "x", "a": 2}, [happened("x")], writing(store), version=3)
    with pytest.raises(StaleVersion):
        await embedded.save(things, {"_id": "x", "a": 3}, [happened("x")], writing(store), version=3)
    await harvest(store, counting).harvest()
    assert await outboxed(store) == [("member/x", n) for n in (1, 2, 3, 4)]
    document = await things.find_one({"_id": "x"})
    assert document == {"_id": "x", "a": 2, "aggver": 4}
    assert (await store.database["counters"].find_one({"_id": 1})) == {"_id": 1, "events": 4}


async def test_a_failed_harvest_leaves_everything_for_the_next(store: Store) -> None:
    await put(store, "x")
    counting = Counting(faults=[AutoReconnect("lost")])
    with pytest.raises(AutoReconnect):
        await harvest(store, counting).harvest()
    assert await outboxed(store) == []
    assert await store.database["counters"].count_documents({}) == 0
    await harvest(store, counting).harvest()
    assert await outboxed(store) == [("member/x", 1)]


async def test_what_cannot_be_projected_holds_nobody_up(store: Store) -> None:
    for name in ("x", "bad", "y"):
        await put(store, name)
    counting = Counting(refuses="bad")
    harvesting = harvest(store, counting)
    await harvesting.harvest()
    assert await harvesting.harvest() == 0
    assert await outboxed(store) == [("member/x", 1), ("member/y", 1)]
    counting.refuses = None
    await harvest(store, counting).harvest()
    assert ("member/bad", 1) in await outboxed(store)


async def test_two_harvests_at_once_move_and_count_each_event_once(store: Store) -> None:
    await asyncio.gather(*(put(store, f"x{n:02}") for n in range(40)))
    counting = Counting()
    for _ in range(3):
        await asyncio.gather(*(harvest(store, counting).harvest() for _ in range(3)))
    assert len(await outboxed(store)) == 40
    assert (await store.database["counters"].find_one({"_id": 1})) == {"_id": 1, "events": 40}


async def test_writes_during_a_harvest_are_not_lost(store: Store) -> None:
    counting, over = Counting(), asyncio.Event()
    harvesting = harvest(store, counting)

    async def keep_harvesting() -> None:
        while not over.is_set() or await harvesting.harvest():
            await harvesting.harvest()

    async def change(name: str) -> None:
        await put(store, name)
        for version in range(1, 6):
            await embedded.save(
                store.database["things"], {"_id": name}, [happened(name)], writing(store), version=version
            )

    running = asyncio.create_task(keep_harvesting())
    await asyncio.gather(*(change(f"x{n}") for n in range(8)))
    over.set()
    await running
    assert len(await outboxed(store)) == 48
    assert (await store.database["counters"].find_one({"_id": 1})) == {"_id": 1, "events": 48}


async def test_in_a_transaction_it_commits_with_the_rest(store: Store) -> None:
    async def work(tx: Tx) -> None:
        joined = Writing("toy", tx.now, session=tx.session)
        await embedded.insert(tx.collection("things"), {"_id": "x"}, [happened("x")], joined)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.transact(work)
    assert await store.database["things"].count_documents({}) == 0
