"""The commands of whoever runs the system, as processes, on real servers named in the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import nats
import pytest
from nats.js.api import ConsumerConfig
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from kit.clock import SystemClock
from kit.mongo import connect
from kit.streams import read_plan
from kit.transaction import Store, Tx
from services.review.domain.audit import Entry
from services.review.repositories import MongoTrail
from stack.places import REPOSITORY
from stack.servers import Mongod, Nats
from stack.servers.permissions import PROVISION

Command = Callable[..., tuple[int, str, str]]
DATABASE = "stack_operations"


@pytest.fixture
def command(mongod: Mongod, own_nats: Nats) -> Command:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
        "GUANWEI_MONGODB_URL": mongod.admin_url,
        "GUANWEI_MONGODB_DATABASE": DATABASE,
        "GUANWEI_NATS_URL": own_nats.url,
        "GUANWEI_NATS_USER": PROVISION,
        "GUANWEI_NATS_PASSWORD": own_nats.password(PROVISION),
    }

    def run(*arguments: str, **besides: str) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "stack.cli", *arguments]
        ended = subprocess.run(command, env=environment | besides, capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout, ended.stderr

    return run


@pytest.fixture
async def database(mongod: Mongod) -> AsyncIterator[AsyncDatabase[dict[str, Any]]]:
    async with AsyncMongoClient[dict[str, Any]](mongod.admin_url, tz_aware=True) as client:
        yield client[DATABASE]
        await client.drop_database(DATABASE)


async def test_streams_are_made_checked_and_found_to_drift(command: Command, own_nats: Nats) -> None:
    code, output, _ = command("streams", "check", "--replicas", "1")
    assert (code, "stream REGISTRY: missing" in output) == (1, True)
    code, output, errors = command("streams", "apply", "--replicas", "1")
    assert (code, errors) == (0, "")
    assert "made stream PUBLISHER" in output
    assert command("streams", "check", "--replicas", "1", "--json")[:2] == (0, '{"drift": []}\n')

    client = await nats.connect(own_nats.url, user=PROVISION, password=own_nats.password(PROVISION))
    stream, consumer = read_plan().consumers[0]
    name = consumer.durable_name or ""
    changed = ConsumerConfig(name=name, durable_name=name, ack_wait=1, filter_subject=consumer.filter_subject)
    await client.jetstream().delete_consumer(stream, name)
    await client.jetstream().add_consumer(stream, changed)
    await client.close()
    code, output, _ = command("streams", "check", "--replicas", "1", "--json")
    assert code == 1
    assert f"consumer {name}: ack_wait differs" in json.loads(output)["drift"]


def test_a_server_that_is_away_is_one_line_and_no_traceback(command: Command, own_nats: Nats) -> None:
    own_nats.freeze()
    code, output, errors = command("streams", "check")
    own_nats.thaw()
    assert (code, output) == (1, "")
    assert errors.startswith("guanwei: ")
    assert len(errors.splitlines()) == 1


async def test_migrate_makes_what_is_missing_once(command: Command, database: AsyncDatabase[dict[str, Any]]) -> None:
    code, output, errors = command("migrate", "review")
    assert (code, errors) == (0, "")
    assert output.startswith("review: made ")
    assert "dead_letters" in await database.list_collection_names()
    assert command("migrate", "review")[1] == "review: nothing to do\n"


def letter(number: int) -> dict[str, Any]:
    """A letter whose body was no event: it blocks nothing."""
    return {
        "_id": f"review-on-publisher-issue|PUBLISHER:{number}",
        "consumer": "review-on-publisher-issue",
        "body": "坏的".encode(),
        "where": f"PUBLISHER:{number}",
        **dict.fromkeys(("type", "aggregate", "aggver", "event_id", "traceparent")),
        "reason": "ValidationError",
        "error": "not JSON",
        "stack": "Traceback …",
        "state": "new",
        "at": datetime(2026, 11, 24, 8, number, tzinfo=UTC),
    }


async def test_dead_letters_are_listed_shown_replayed_and_dropped(
    command: Command, database: AsyncDatabase[dict[str, Any]]
) -> None:
    letters = [letter(1), letter(2)]
    await database.dead_letters.insert_many(letters)
    first, second = (one["_id"] for one in letters)

    code, output, _ = command("dead-letters", "list", "--service", "review", "--json")
    assert code == 0
    listed = json.loads(output)
    assert [(row["service"], row["letter_id"], row["reason"]) for row in listed] == [
        ("review", first, "ValidationError"),
        ("review", second, "ValidationError"),
    ]
    assert first in command("dead-letters", "list", "--service", "review")[1]
    shown = json.loads(command("dead-letters", "show", "review", first)[1])
    assert (shown["body"], shown["at"]) == ("坏的", "2026-11-24T08:01:00+00:00")

    assert command("dead-letters", "replay", "review", first)[0] == 0
    assert command("dead-letters", "drop", "review", second, "--why", "发错了")[0] == 0
    states = {row["_id"]: row["state"] async for row in database.dead_letters.find({})}
    assert states == {first: "replay_requested", second: "dropped"}

    code, _, errors = command("dead-letters", "drop", "review", second, "--why", "again")
    assert code == 1
    assert errors.startswith("guanwei: dead_letters.closed: ")
    assert command("dead-letters", "show", "review", "none")[0] == 1
    assert command("dead-letters", "list", "--service", "nobody")[0] == 1


def entry(kind: str, case_id: str, unit_path: str) -> Entry:
    at = datetime(2026, 11, 24, 8, tzinfo=UTC)
    return Entry(kind, at, case_id, "issue-1", "account-1", unit_path, "0" * 64, actor_id="head")


@pytest.fixture
async def chain(mongod: Mongod, database: AsyncDatabase[dict[str, Any]]) -> AsyncDatabase[dict[str, Any]]:
    """Entries 1 to 104 about several units, appended as review appends them."""
    entries = [entry("opened", f"old-{number}", "/group/old") for number in range(100)]
    entries += [entry("opened", "case-1", "/group/a"), entry("approved", "case-1", "/group/a")]
    entries += [entry("opened", "case-2", "/group/ab"), entry("returned", "case-2", "/group/ab")]
    client = connect(mongod.admin_url, app="tests")

    async def append(tx: Tx) -> None:
        await MongoTrail().append(tx, entries)

    await Store(client, client[DATABASE], SystemClock(), "review").transact(append)
    client.close()
    await database.people.insert_one({"_id": "head", "display_name": "医药板块负责人"})
    return database


@pytest.mark.usefixtures("chain")
async def test_the_audit_chain_is_listed(command: Command) -> None:
    def listed(*options: str) -> list[int]:
        code, output, errors = command("audit", "list", "--json", *options)
        assert (code, errors) == (0, "")
        return [row["sequence"] for row in json.loads(output)]

    assert listed("--limit", "103") == list(range(104, 1, -1)), "more than one page of the query"
    assert listed("--case", "case-1") == listed("--unit", "/group/a/") == [102, 101]
    assert command("audit", "list", "--limit", "0")[0] == 2
    newest, count = command("audit", "list", "--limit", "1")[1].splitlines()
    told = ["104", "2026-11-24T08:00:00.000+00:00", "returned", "case-2", "/group/ab", "医药板块负责人"]
    assert (newest.split(), count) == (told, "1 entries")


async def test_the_audit_chain_is_recomputed(command: Command, chain: AsyncDatabase[dict[str, Any]]) -> None:
    head = await chain.audit_head.find_one({"_id": "head"})
    assert head is not None
    assert command("audit", "verify")[:2] == (0, f"the chain holds: 104 entries, head {head['hash']}\n")

    await chain.audit.update_one({"_id": 3}, {"$set": {"entry.actor_id": "somebody-else"}})
    code, output, _ = command("audit", "verify", "--json")
    found = json.loads(output)
    assert (code, found["holds"], found["fault"], found["broken_at"]) == (1, False, "changed", 3)
    assert command("audit", "verify")[:2] == (1, "the chain is broken at 3: changed; 2 entries before it are good\n")

    code, output, errors = command("audit", "verify", GUANWEI_SERVICE="publisher")
    assert (code, output) == (1, "")
    assert "another service's" in errors
