"""Wake-up hints over core NATS. Nothing is lost with one: every listener polls as well."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

SUBJECT = "live.micro_community"
UNSENT = "_unsent"
MARKED = "_marked"
REPLIED = "_replied"


def hearing(connection: NatsClient) -> int | None:
    """None while hints do not arrive; else a number that changes when some may have been missed."""
    return connection.stats["reconnects"] if connection.is_connected else None


@dataclass(frozen=True)
class Here:
    """Who is told at this replica: of what is stored here, before anybody else can be."""

    changed: Callable[[], None]
    own_changed: Callable[[str], None]
    """With the member's id."""
    replied: Callable[[str, dict[str, Any]], None]
    """With the account's id, and what pages are told of the reply."""


@dataclass(frozen=True)
class NatsLive:
    connection: NatsClient
    here: Here

    async def stored(self, collection: str = "") -> None:
        self.here.changed()
        await self._hint(UNSENT, collection.encode())

    @contextlib.asynccontextmanager
    async def marking(self, member_id: str) -> AsyncIterator[None]:
        try:
            yield
        finally:
            # Even of what failed nobody knows that it was not stored.
            self.here.own_changed(member_id)
            await self._hint(MARKED, member_id.encode())

    async def replied(self, account_id: str, content: dict[str, Any]) -> None:
        self.here.replied(account_id, content)
        if not self.connection.is_connected:  # kept until it is, it would come when the reply may be gone
            return
        await self._hint(REPLIED, json.dumps([account_id, content], ensure_ascii=False).encode())

    async def happened(self, account_ids: Sequence[str]) -> None:
        for account_id in account_ids:
            await self._hint(account_id)

    async def on_stored(self, hint: Callable[[str], None]) -> None:
        """Pass on where something waits to be harvested."""

        async def heard(message: Msg) -> None:
            hint(message.data.decode(errors="replace"))

        await self.connection.subscribe(f"{SUBJECT}.{UNSENT}", cb=heard)

    async def on_happened(self, tell: Callable[[str], Awaitable[None]]) -> None:
        """Tell the id of each community that something happened in, here or at another replica."""

        async def heard(message: Msg) -> None:
            what = message.subject.removeprefix(f"{SUBJECT}.")
            if what == MARKED:
                self.here.own_changed(message.data.decode(errors="replace"))
                return
            self.here.changed()
            if what == REPLIED:
                self.here.replied(*json.loads(message.data))
                return
            await tell(what)

        await self.connection.subscribe(f"{SUBJECT}.*", cb=heard)

    async def _hint(self, token: str, where: bytes = b"") -> None:
        with contextlib.suppress(NatsError):
            await self.connection.publish(f"{SUBJECT}.{token}", where)
