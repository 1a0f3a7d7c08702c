"""Wake-up hints over core NATS. Nothing is lost with one: every listener polls as well."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from kit.ids import new_id

Told: TypeAlias = tuple[str, dict[str, Any]]
"""A community, and what its open pages are told of a reply."""
SUBJECT = "live.micro_community"
UNSENT = "_unsent"
REPLIES = "replies"
MARKED = "_marked"
PEOPLE = "_people"
SETTINGS = "_settings"
REPLIED = "_replied"
READ = "_read"
MOST_IN_ONE = 32
"""Replies in one message: the longest of them come to half of what NATS carries."""


def _named(message: Msg) -> list[str]:
    return message.data.decode(errors="replace").split(" ")


def hearing(connection: NatsClient) -> int | None:
    """None while hints do not arrive; else a number that changes when some may have been missed."""
    return connection.stats["reconnects"] if connection.is_connected else None


@dataclass(frozen=True)
class Here:
    """Who is told at this replica: of what is stored here, before anybody else can be."""

    changed: Callable[[Collection[str]], None]
    """With the collections that something was stored in, an empty name for any; none when something was counted, or a
    member is shown otherwise."""
    own_changed: Callable[[str], None]
    """With the member's id."""
    settings_changed: Callable[[], None]
    replied: Callable[[str, dict[str, Any]], Awaitable[None]]
    """With the account's id, and what pages are told of the reply. To be awaited by who wants to know that they were
    told; it happens anyway."""
    read: Callable[[str, str], None]
    """With the ids of account and member."""


@dataclass
class NatsLive:
    """What is stored together is hinted at together: twenty replies that one write stored are one message."""

    connection: NatsClient
    here: Here
    _stored: set[str] = field(default_factory=set)
    _replied: list[Told] = field(default_factory=list)
    _speaking: asyncio.Task[None] | None = None
    _name: str = field(default_factory=new_id)

    async def stored(self, collection: str = "") -> None:
        self.here.changed((collection,))
        self._stored.add(collection)
        self._say()

    @contextlib.asynccontextmanager
    async def marking(self, member_id: str) -> AsyncIterator[None]:
        try:
            yield
        finally:
            # Even of what failed nobody knows that it was not stored.
            self.here.own_changed(member_id)
            await self._hint(MARKED, member_id.encode())

    async def read(self, account_id: str, member_id: str) -> None:
        await self._hint(READ, f"{account_id} {member_id}".encode())

    async def people_changed(self) -> None:
        self.here.changed(())
        await self._hint(PEOPLE)

    async def settings_changed(self) -> None:
        self.here.settings_changed()
        await self._hint(SETTINGS)

    async def replied(self, account_id: str, content: dict[str, Any]) -> None:
        self.here.changed((REPLIES,))
        self._replied.append((account_id, content))
        self._say()

    async def happened(self, account_ids: Sequence[str]) -> None:
        for account_id in account_ids:
            await self._hint(account_id)

    async def on_stored(self, hint: Callable[[str], None]) -> None:
        """Pass on where something waits to be harvested."""

        async def heard(message: Msg) -> None:
            for collection in _named(message):
                hint(collection)

        await self.connection.subscribe(f"{SUBJECT}.{UNSENT}", cb=heard)

    async def on_happened(self, tell: Callable[[str], Awaitable[None]]) -> None:
        """Tell the id of each community that something happened in, here or at another replica."""

        async def heard(message: Msg) -> None:
            what = message.subject.removeprefix(f"{SUBJECT}.")
            if what == MARKED:
                self.here.own_changed(message.data.decode(errors="replace"))
                return
            if what == SETTINGS:
                self.here.settings_changed()
                return
            if what == READ:
                self.here.read(*_named(message)[:2])
                return
            self.here.changed(_named(message) if what == UNSENT else ())
            if what != REPLIED:
                await tell(what)
            elif not message.data.startswith(self._name.encode()):
                for account_id, content in json.loads(message.data.partition(b" ")[2]):
                    self.here.replied(account_id, content)

        await self.connection.subscribe(f"{SUBJECT}.*", cb=heard)

    def _say(self) -> None:
        """Soon: when everybody has had their turn whom the same write has served."""
        if self._speaking is None:
            self._speaking = asyncio.create_task(self._speak())

    async def _speak(self) -> None:
        self._speaking = None
        stored, self._stored = self._stored, set()
        replied, self._replied = self._replied, []
        if stored:
            await self._hint(UNSENT, " ".join(sorted(stored)).encode())
        if replied:
            told = [self.here.replied(account_id, content) for account_id, content in replied]
            await self._pass_on(replied)
            for one in told:
                await one
            # Not before: the harvest takes the processors by which pages are told.
            await self._hint(UNSENT, REPLIES.encode())

    async def _pass_on(self, replied: list[Told]) -> None:
        for start in range(0, len(replied), MOST_IN_ONE):
            if not self.connection.is_connected:  # kept until it is, it would come when the reply may be gone
                return
            said = json.dumps(replied[start : start + MOST_IN_ONE], ensure_ascii=False)
            await self._hint(REPLIED, f"{self._name} {said}".encode())

    async def _hint(self, token: str, where: bytes = b"") -> None:
        with contextlib.suppress(NatsError):
            await self.connection.publish(f"{SUBJECT}.{token}", where)
