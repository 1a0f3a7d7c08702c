"""Rows to JetStream: many at a time, none before what its aggregate has to say first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

import structlog
from nats.aio.client import Client as NatsClient
from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from nats.js.errors import APIError
from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind

from contracts.envelope import CONTENT_TYPE
from kit.mongo import Document

Put: TypeAlias = Callable[..., Awaitable[Any]]
IN_FLIGHT = 64
ACK_SECONDS = 5.0
REFUSED_FOR_GOOD = range(400, 500)

log = structlog.get_logger("sending")
tracer = trace.get_tracer("kit.sending")


@dataclass
class Sent:
    """What became of rows. Who is in neither list may be sent later."""

    ids: list[str] = field(default_factory=list)
    """Of those that JetStream has stored."""
    refused: list[tuple[Document, Exception]] = field(default_factory=list)
    """For good: too large, or not allowed."""


@dataclass(frozen=True)
class Sender:
    """Publishes rows of the outbox's form into one stream: the service's own."""

    connection: NatsClient
    stream: str

    async def send(
        self, rows: Iterable[Document], may_go_on: Callable[[], bool], ack_seconds: float = ACK_SECONDS
    ) -> Sent:
        """The rows of one aggregate in their order, up to the first that does not get through.

        Nothing is sent while there is no connection, nor once `may_go_on` says no: it is asked before each round of at
        most `IN_FLIGHT`. A row that was sent before has the same `Nats-Msg-Id`: the server drops it within its window,
        and the receiver's inbox for ever.
        """
        queues: dict[str, list[Document]] = {}
        jetstream = self.connection.jetstream()
        for row in sorted(rows, key=lambda row: row["aggver"], reverse=True):
            queues.setdefault(row["aggregate"], []).append(row)
        sent = Sent()
        while queues and self.connection.is_connected and may_go_on():
            heads = [queue.pop() for _, queue in zip(range(IN_FLIGHT), queues.values(), strict=False)]
            put = partial(jetstream.publish, timeout=ack_seconds, stream=self.stream)
            errors = await asyncio.gather(*(_publish(put, row) for row in heads))
            for row, error in zip(heads, errors, strict=True):
                if error is None:
                    sent.ids.append(row["_id"])
                elif isinstance(error, MaxPayloadError) or getattr(error, "code", None) in REFUSED_FOR_GOOD:
                    sent.refused.append((row, error))
                if error is not None or not queues[row["aggregate"]]:
                    del queues[row["aggregate"]]
        return sent


async def _publish(put: Put, row: Document) -> Exception | None:
    """What kept it from getting through."""
    parent = row.get("traceparent")
    headers = {"Nats-Msg-Id": row["_id"], "Content-Type": CONTENT_TYPE}
    if parent and not int(parent[-2:], 16) & 1:  # of a trace that nobody keeps
        return await _put(put, row, headers | {"traceparent": parent})
    context = propagate.extract({"traceparent": parent} if parent else {})
    with tracer.start_as_current_span(f"publish {row['type']}", context, SpanKind.PRODUCER) as span:
        span.set_attribute("messaging.message.id", row["_id"])
        propagate.inject(headers)
        return await _put(put, row, headers)


async def _put(put: Put, row: Document, headers: dict[str, str]) -> Exception | None:
    try:
        await put(row["type"], row["body"].encode(), headers=headers)
    except (NatsError, APIError, TimeoutError) as error:
        log.warning("publish_failed", event_id=row["_id"], type=row["type"], error=repr(error))
        return error
    return None
