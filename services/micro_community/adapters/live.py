"""Wake-up hints over core NATS. Nothing is lost with one: every listener polls as well."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from nats.aio.client import Client as NatsClient
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

SUBJECT = "live.micro_community"
UNSENT = "_unsent"


@dataclass(frozen=True)
class NatsLive:
    connection: NatsClient
    changed: Callable[[], None]
    """Told of what is stored here before anybody else can be."""

    async def stored(self, collection: str = "") -> None:
        self.changed()
        await self._hint(UNSENT, collection.encode())

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
            self.changed()
            await tell(message.subject.removeprefix(f"{SUBJECT}."))

        await self.connection.subscribe(f"{SUBJECT}.*", cb=heard)

    async def _hint(self, token: str, where: bytes = b"") -> None:
        with contextlib.suppress(NatsError):
            await self.connection.publish(f"{SUBJECT}.{token}", where)
