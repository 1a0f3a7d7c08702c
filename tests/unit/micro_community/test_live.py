"""Hints: what is stored together is said once, and pages are told of a reply before it is harvested."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from services.micro_community.adapters.live import MOST_IN_ONE, SUBJECT, Here, NatsLive


@dataclass
class Wire:
    """What a connection to NATS is asked for."""

    said: list[tuple[str, bytes]] = field(default_factory=list)
    is_connected: bool = True
    hear: Any = None

    async def publish(self, subject: str, data: bytes = b"") -> None:
        self.said.append((subject.removeprefix(f"{SUBJECT}."), data))

    async def subscribe(self, _: str, cb: Any) -> None:
        self.hear = cb


@dataclass
class Pages:
    """Pages that are open here, and are told when the test lets them."""

    told: list[str] = field(default_factory=list)
    let: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def replied(self, account_id: str, content: dict[str, Any]) -> asyncio.Future[None]:
        self.told.append(f"{account_id}/{content['n']}")
        return self.let


@dataclass
class Message:
    subject: str
    data: bytes


def replica(wire: Wire, pages: Pages) -> NatsLive:
    return NatsLive(wire, Here(lambda _: None, lambda _: None, lambda: None, pages.replied, lambda *_: None))  # type: ignore[arg-type]


async def spoken() -> None:
    """Let everything be said that need not wait for the pages."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_what_is_stored_together_is_hinted_at_once() -> None:
    wire = Wire()
    live = replica(wire, Pages())
    for name in ("likes", "likes", "posts", "likes"):
        await live.stored(name)
    await spoken()
    assert wire.said == [("_unsent", b"likes posts")]
    heard: list[str] = []
    await live.on_stored(heard.append)
    await wire.hear(Message(f"{SUBJECT}._unsent", wire.said[0][1]))
    assert heard == ["likes", "posts"]


async def test_that_a_member_is_shown_otherwise_is_heard_here_and_elsewhere_and_harvests_nothing() -> None:
    wire = Wire()
    changed: list[Any] = []
    hinted: list[str] = []
    live = NatsLive(wire, Here(changed.append, lambda _: None, lambda: None, Pages().replied, lambda *_: None))  # type: ignore[arg-type]
    await live.people_changed()
    assert changed == [()]
    await live.on_stored(hinted.append)
    [(what, data)] = wire.said
    await live.on_happened(lambda _: asyncio.sleep(0))
    await wire.hear(Message(f"{SUBJECT}.{what}", data))
    assert (changed, hinted) == ([(), ()], [])


async def test_pages_are_told_of_replies_before_the_harvest_is_woken() -> None:
    wire, pages = Wire(), Pages()
    live = replica(wire, pages)
    count = MOST_IN_ONE + 1
    for number in range(count):
        await live.replied("a", {"n": number})
    await spoken()
    assert pages.told == [f"a/{number}" for number in range(count)]
    assert [what for what, _ in wire.said] == ["_replied", "_replied"]
    await live.stored("likes")
    await spoken()
    assert wire.said[-1] == ("_unsent", b"likes"), "what is no reply does not wait"
    pages.let.set_result(None)
    await spoken()
    assert wire.said[-1] == ("_unsent", b"replies")
    # The others hear of it; who said it does not hear it again.
    other_pages = Pages()
    other = replica(Wire(), other_pages)
    for listening in (live, other):
        listening.connection = wire  # type: ignore[assignment]
        await listening.on_happened(lambda _: asyncio.sleep(0))
        for what, data in wire.said[:2]:
            await wire.hear(Message(f"{SUBJECT}.{what}", data))
    assert (len(pages.told), len(other_pages.told)) == (count, count)


async def test_that_somebody_read_is_heard_at_every_replica() -> None:
    wire = Wire()
    read: list[tuple[str, str]] = []
    here = Here(lambda _: None, lambda _: None, lambda: None, Pages().replied, lambda *ids: read.append(ids))
    live = NatsLive(wire, here)  # type: ignore[arg-type]
    await live.read("a", "me")
    [(what, data)] = wire.said
    await live.on_happened(lambda _: asyncio.sleep(0))
    await wire.hear(Message(f"{SUBJECT}.{what}", data))
    assert read == [("a", "me")]


async def test_a_replica_without_the_network_tells_its_own_pages_and_nobody_later() -> None:
    wire, pages = Wire(is_connected=False), Pages()
    pages.let.set_result(None)
    await replica(wire, pages).replied("a", {"n": 1})
    await spoken()
    assert pages.told == ["a/1"]
    assert [what for what, _ in wire.said] == ["_unsent"]


def test_the_longest_replies_of_one_message_are_carried() -> None:
    """By half of what the server takes, so that names and pictures of a reply have room."""
    from kit.bus import MOST_PAYLOAD
    from services.micro_community.domain.text import LONGEST_REPLY

    longest = {"text": "字" * LONGEST_REPLY, "quoted": "字" * 200}
    assert len(json.dumps([longest] * MOST_IN_ONE, ensure_ascii=False).encode()) < MOST_PAYLOAD / 2
