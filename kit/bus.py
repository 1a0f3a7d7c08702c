"""The connections to NATS: they never give up, never spin, and say when the server refuses something.

A client that has given up reconnecting closes for good, and FastStream's pull loop then spins without yielding: the
event loop is dead. So it reconnects for ever, and a connection that closes all the same ends the process. So does the
broker's when it stays away while the plain one is back: FastStream raises some refusals of the server (credentials that
are being changed, too many connections) inside the client's reconnecting, which then ends without a word.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import nats
import structlog
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from faststream.security import SASLPlaintext
from nats.aio.client import Client as NatsClient
from nats.errors import Error as NatsError

from kit.metrics import Metrics
from kit.settings import ServiceSettings

EXIT_CODE = 70  # EX_SOFTWARE: the supervisor or kubelet starts it again
MOST_PAYLOAD = 1_048_576
LOST_SECONDS = 10.0

log = structlog.get_logger("bus")


@dataclass
class Bus:
    """How this process speaks to NATS. `stopping` is set before the connections are closed on purpose."""

    settings: ServiceSettings
    metrics: Metrics
    stopping: bool = False

    async def connect(self) -> NatsClient:
        """A connection of its own: for the relay, the key ring and questions.

        Raises:
            nats.errors.NoServersError: there is no server; the service must not start without one.
        """
        secrets = {"user": self.settings.nats_user, "password": self.settings.nats_password.get_secret_value()}
        login = secrets if self.settings.nats_user else {}
        client = await nats.connect(
            self.settings.nats_url, **self._options(), **login, inbox_prefix=self.inbox_prefix.encode()
        )
        return client

    def broker(self) -> NatsBroker:
        """FastStream's broker for the consumers."""
        login = SASLPlaintext(self.settings.nats_user, self.settings.nats_password.get_secret_value())
        return NatsBroker(
            self.settings.nats_url,
            **self._options(),
            security=login if self.settings.nats_user else None,
            inbox_prefix=self.inbox_prefix,
            graceful_timeout=self.settings.drain_seconds,
            decoder=_raw,
            logger=None,
        )

    async def keep_watch(self, connection: NatsClient, consuming: NatsClient) -> None:
        """End the process when `consuming` does not come back although the server lets `connection` in."""
        lost_at: float | None = None
        while True:
            await asyncio.sleep(1.0)
            lost = connection.is_connected and not consuming.is_connected and not self.stopping
            lost_at = (lost_at or time.monotonic()) if lost else None
            if lost_at is not None and time.monotonic() - lost_at > LOST_SECONDS:
                log.critical("nats_consumers_lost", exit_code=EXIT_CODE)
                os._exit(EXIT_CODE)

    async def stop(self, broker: NatsBroker) -> None:
        """End the consumers on purpose; handlers under way may finish."""
        self.stopping = True
        await broker.stop()

    async def close(self, connection: NatsClient) -> None:
        """End a connection on purpose, with what is still to be sent."""
        self.stopping = True
        with contextlib.suppress(NatsError, TimeoutError):
            await connection.drain()

    @property
    def inbox_prefix(self) -> str:
        return f"_INBOX_{self.settings.service}"

    def _options(self) -> dict[str, Any]:
        return {
            "name": f"guanwei-{self.settings.service}",
            "max_reconnect_attempts": -1,
            "reconnect_time_wait": 0.5,
            "connect_timeout": 3,
            "ping_interval": 20,
            "max_outstanding_pings": 3,
            "error_cb": self._error,
            "closed_cb": self._closed,
        }

    async def _error(self, error: Exception) -> None:
        kind = "permission" if "permissions violation" in str(error).lower() else type(error).__name__
        self.metrics.nats_errors.labels(kind).inc()
        log.warning("nats_error", kind=kind, error=str(error))

    async def _closed(self) -> None:
        if not self.stopping:
            log.critical("nats_connection_closed", exit_code=EXIT_CODE)
            os._exit(EXIT_CODE)


def subscribe(
    broker: NatsBroker,
    *,
    durable: tuple[str, str, str],
    workers: int,
    prefix: str,
    deliver: Callable[[NatsMessage], Awaitable[None]],
) -> None:
    """Serve one durable (stream, name, filter) by pulling: one message at a time to each of `workers`.

    Batches would wait for their slowest message, and what is fetched ahead of time is redelivered.
    """
    stream, name, filter_subject = durable
    subscriber = broker.subscriber(
        filter_subject,
        stream=JStream(stream, declare=False),
        durable=name,
        pull_sub=PullSub(batch_size=1, timeout=5.0),
        max_workers=workers,
        ack_policy=AckPolicy.MANUAL,
        inbox_prefix=f"{prefix}.".encode(),
    )

    async def consume(message: NatsMessage) -> None:
        await deliver(message)

    subscriber(consume)


async def _raw(message: Any) -> bytes:
    # Decoding happens in our wrapper: a body that FastStream cannot decode would come back for ever.
    body: bytes = message.body
    return body
