"""What a reply costs: authenticated, checked, stored with its event, acknowledged by a majority and journalled."""

from __future__ import annotations

import os
import signal
import time

import httpx

from bench import load
from bench.community.place import Place, send
from bench.community.sizes import Sizes
from bench.report import Bar, Figure, Growth, Report
from bench.rounds import Measure, in_turns
from bench.site import SERVICE

NAME = "community.replies"
CONNECTIONS = 16
MOST_OPERATIONS = 5
COUNTED = 10
PROFILE_BYTES = 32 * 2**20


async def measure(place: Place, post_id: str, sizes: Sizes, report: Report) -> None:
    """Beside the limit, on a post with `sizes.replies`."""
    taken_up: list[float] = []
    measures: dict[str, Measure] = {
        "inserts": lambda: _inserts(place, _pace(sizes)),
        "replies": _replying(place, post_id, _pace(sizes), taken_up),
    }
    found = await in_turns(measures, sizes.rounds)
    name = f"create reply, {sizes.replies:,} there"
    report.add(Figure(NAME, name, found["replies"], "/s", found["inserts"], Bar(least_ratio=0.4)))
    # Of what was written in the time; the warm-up and the start of who asks leave it at 0.8 when it keeps up.
    kept_up = Bar(least_ratio=0.6)
    report.add(Figure(NAME, "taken up by the worker, at least", min(taken_up), "/s", found["replies"], kept_up))
    most = await _operations(place, post_id)
    report.add(
        Figure(NAME, "MongoDB operations for a reply, at most", most, "operations", None, Bar(most=MOST_OPERATIONS)),
        always=True,
    )


async def measure_growth(place: Place, posts: dict[int, str], sizes: Sizes, report: Report) -> None:
    """`posts`: by how many replies they have, the smaller first. Beside each other: both share what a large collection
    costs."""
    measures = {str(size): _replying(place, post_id, _pace(sizes), []) for size, post_id in posts.items()}
    found = await in_turns(measures, sizes.rounds)
    (few, at_few), (many, at_many) = ((int(size), value) for size, value in found.items())
    report.add(Figure(NAME, f"create reply, {many:,} there", at_many, "/s", at_few, Bar(0.9, 1.1)))
    report.growth += [Growth(NAME, "create reply", few, at_few), Growth(NAME, "create reply", many, at_many)]


def _pace(sizes: Sizes) -> load.Pace:
    return load.Pace(CONNECTIONS, sizes.seconds, sizes.warm_seconds)


async def _inserts(place: Place, pace: load.Pace) -> float:
    """A document of a reply's size: what the service stores, without what the service does."""
    await place.site.settle()
    document = {name: value for name, value in place.samples["replies"].items() if isinstance(value, str)}
    return await load.insert(place.site.mongodb_url, "bench", document, pace)


def _replying(place: Place, post_id: str, pace: load.Pace, taken_up: list[float]) -> Measure:
    async def measure_once() -> float:
        await place.site.settle()
        path = f"{place.path}/posts/{post_id}/replies"
        requests = [load.post(path, token, {"text": place.writer.text(40)}) for token in place.some_tokens]
        began = time.monotonic()
        found = await load.ask(place.site.url, requests, pace, status=201)
        await place.site.settle()
        taken_up.append(found.done / (time.monotonic() - began))
        return found.per_second

    return measure_once


async def _operations(place: Place, post_id: str) -> int:
    """The most that a reply took: plain, and in a thread with a quote and a mention. Counted by the server."""
    database, worker = place.site.database, place.site.stack.supervisor.pids[f"{SERVICE}_worker"]
    await place.site.settle()
    await database.command("profile", 0)
    await database.drop_collection("system.profile")
    await database.create_collection("system.profile", capped=True, size=PROFILE_BYTES)
    most = 0
    async with httpx.AsyncClient(base_url=place.site.url, trust_env=False, timeout=30) as client:
        path, ids, tokens = f"{place.path}/posts/{post_id}/replies", place.member_ids, place.some_tokens
        parent = await send(client, "POST", path, tokens[0], {"text": "第一层"})
        bodies = [{"text": "普通回复"}, {"text": "楼中楼", "parent_reply_id": parent["reply_id"], "quote": True}]
        bodies[1]["mentions"] = [ids[2]]
        os.kill(worker, signal.SIGSTOP)
        try:
            for body in bodies:
                before = await _profiled(place)
                await database.command("profile", 2)
                for number in range(COUNTED):
                    await send(client, "POST", path, tokens[number % len(tokens)], body)
                await database.command("profile", 0)
                most = max(most, -(-(await _profiled(place) - before) // COUNTED))
        finally:
            os.kill(worker, signal.SIGCONT)
    return most


async def _profiled(place: Place) -> int:
    """Operations of the service that the server noted."""
    # Rules and lexicons are looked at once a second, however many replies there are.
    others = [f"{SERVICE}.{name}" for name in ("system.profile", "communities", "lexicons")]
    query = {"appName": f"guanwei-{SERVICE}", "ns": {"$nin": others}}
    return int(await place.site.database["system.profile"].count_documents(query))
