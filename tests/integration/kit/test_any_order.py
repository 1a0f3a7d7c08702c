"""Whatever the order, the duplicates, the failures and the company, an aggregate's events take effect as 1, 2, … n."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.envelope import CloudEvent
from contracts.publisher import IssueEdited
from kit import dead_letters, inbox, outbox
from kit.clock import SystemClock
from kit.delivery import Delivery
from kit.ids import new_id
from kit.metrics import new_metrics
from kit.mongo import connect, ensure_indexes
from kit.subscriptions import Subscription
from kit.sweeper import Sweeper
from kit.transaction import Store, Tx
from stack.servers import Mongod
from tests.support.services import eventually

MOST_EVENTS = 6
SLOTS = 4


@dataclass
class Course:
    """What happens to the events of one aggregate."""

    order: list[int]
    """Versions in the order in which they arrive; what is there twice arrives twice."""
    failures: dict[int, int]
    """How often the handler fails at a version before it succeeds."""
    seed: int


@dataclass
class Counting:
    """A handler that notes which version took effect, inside the transaction; and fails when it is told to."""

    aggregate: str
    failures: Counter[int] = field(default_factory=Counter)

    async def note(self, tx: Tx, event: IssueEdited) -> None:
        change = {"$push": {"versions": event.revision}}
        await tx.collection("seen").update_one({"_id": self.aggregate}, change, upsert=True, session=tx.session)
        if self.failures[event.revision] > 0:
            self.failures[event.revision] -= 1
            raise RuntimeError("planted")


@st.composite
def courses(draw: st.DrawFn) -> Course:
    versions = list(range(1, draw(st.integers(1, MOST_EVENTS)) + 1))
    again = draw(st.lists(st.sampled_from(versions), max_size=MOST_EVENTS))
    failures = draw(st.dictionaries(st.sampled_from(versions), st.integers(1, 2), max_size=2))
    return Course(draw(st.permutations([*versions, *again])), failures, draw(st.integers(0, 99)))


@pytest.fixture
async def store(mongod: Mongod) -> AsyncIterator[Store]:
    client = connect(mongod.admin_url, app="tests")
    database = client[f"any_order_{new_id()[-12:]}"]
    await ensure_indexes(database, {**outbox.INDEXES, **inbox.INDEXES, **dead_letters.INDEXES, "seen": ()})
    yield Store(client, database, SystemClock(), "review")
    await client.drop_database(database.name)
    client.close()


def envelope(aggregate: str, version: int) -> CloudEvent:
    event = IssueEdited(
        issue_id=aggregate, account_id="a", revision=version, digest_before="d", digest="e", edited_by="p"
    )
    return CloudEvent(
        id=f"{aggregate}-{version}",
        source="/publisher",
        type=event.subject,
        subject=event.aggregate,
        time=datetime(2026, 1, 5, tzinfo=UTC),
        aggver=version,
        data=event.model_dump(mode="json"),
    )


async def arrive(delivery: Delivery, arriving: CloudEvent, slots: asyncio.Semaphore) -> None:
    """As off a stream: what fails comes back."""
    async with slots:
        while True:
            try:
                await delivery.handle(arriving.model_dump_json().encode(), "PUBLISHER:1")
            except RuntimeError:
                continue
            return


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=courses())
async def test_every_version_takes_effect_once_and_in_order(store: Store, course: Course) -> None:
    aggregate = new_id()
    counting = Counting(aggregate, Counter(course.failures))
    metrics = new_metrics()
    delivery = Delivery(store, Subscription("PUBLISHER", "issue", {IssueEdited: counting.note}), aggregate, metrics)
    slots = asyncio.Semaphore(random.Random(course.seed).randint(1, SLOTS))
    await asyncio.gather(*(arrive(delivery, envelope(aggregate, version), slots) for version in course.order))

    async def settled() -> bool:
        await Sweeper(store.database, {aggregate: delivery}, metrics).sweep()
        return await store.database["parked"].count_documents({"consumer": aggregate}) == 0

    await eventually(settled, "nothing parked any more")
    row = await store.database["seen"].find_one({"_id": aggregate})
    assert row is not None and row["versions"] == sorted(set(course.order))
    assert await store.database["inbox"].count_documents({"_id": {"$regex": f"^{aggregate}"}}) >= max(course.order)
    assert await store.database["dead_letters"].count_documents({"consumer": aggregate}) == 0
