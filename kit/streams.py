"""Streams and consumers as data: one command makes the server match, services only check.

FastStream's own declaration overwrites a stream's limits, and nats-py keeps an existing consumer's configuration
without a word, so neither is allowed to declare anything here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    KeyValueConfig,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BucketNotFoundError, NotFoundError

FILE = Path(__file__).resolve().parent.parent / "deploy" / "nats" / "streams.toml"
KEY_BUCKET = "keys"
STREAM_FIELDS = ("subjects", "max_age", "max_bytes", "max_msg_size", "duplicate_window", "num_replicas", "discard")
CONSUMER_FIELDS = ("filter_subject", "ack_wait", "max_deliver", "max_ack_pending", "ack_policy")


class StreamsMissing(RuntimeError):
    """The server lacks a stream or consumer that the service needs. Run `guanwei streams apply`."""


@dataclass(frozen=True)
class Plan:
    """What there should be. Durations in seconds, as nats-py takes them."""

    streams: tuple[StreamConfig, ...]
    consumers: tuple[tuple[str, ConsumerConfig], ...]


def read_plan(path: Path = FILE, *, replicas: int | None = None) -> Plan:
    """Read the data file. `replicas` overrides the file's number."""
    content = tomllib.loads(path.read_text())
    defaults = content["defaults"] | ({"replicas": replicas} if replicas else {})
    streams = tuple(_stream(row, defaults) for row in content["streams"])
    consumers = tuple((row["stream"], _consumer(row, defaults)) for row in content["consumers"])
    return Plan(streams, consumers)


def durable_name(service: str, stream: str, entity: str) -> str:
    """`review-on-publisher-issue`: which service's consumer of which entity."""
    return f"{service}-on-{stream.lower()}-{entity}".replace("_", "-")


async def apply(jetstream: JetStreamContext, plan: Plan) -> list[str]:
    """Make the server match. What was done, a line each. Nothing that exists is deleted."""
    done: list[str] = []
    for stream in plan.streams:
        try:
            present = await jetstream.stream_info(stream.name or "")
        except NotFoundError:
            await jetstream.add_stream(stream)
            done.append(f"made stream {stream.name}")
            continue
        if _drift(stream, present.config, STREAM_FIELDS):
            await jetstream.update_stream(stream)
            done.append(f"updated stream {stream.name}")
    for stream_name, consumer in plan.consumers:
        await jetstream.add_consumer(stream_name, consumer)
    done.append(f"{len(plan.consumers)} consumers in place")
    try:
        await jetstream.key_value(KEY_BUCKET)
    except (BucketNotFoundError, NotFoundError):
        replicas = plan.streams[0].num_replicas or 1
        await jetstream.create_key_value(KeyValueConfig(bucket=KEY_BUCKET, history=1, replicas=replicas))
        done.append(f"made bucket {KEY_BUCKET}")
    return done


async def drift(jetstream: JetStreamContext, plan: Plan, *, service: str | None = None) -> list[str]:
    """How the server differs from the plan; with `service`, only what that service needs."""
    found: list[str] = []
    for stream in plan.streams:
        if service and not _concerns(service, stream.name or "", plan):
            continue
        try:
            present = (await jetstream.stream_info(stream.name or "")).config
        except (NotFoundError, NatsError) as error:
            found.append(f"stream {stream.name}: {_reason(error)}")
            continue
        fields = [name for name in STREAM_FIELDS if name != "num_replicas"] if service else list(STREAM_FIELDS)
        found += [f"stream {stream.name}: {name} differs" for name in _drift(stream, present, fields)]
    for stream_name, consumer in plan.consumers:
        if service and not (consumer.durable_name or "").startswith(service.replace("_", "-") + "-on-"):
            continue
        try:
            live = (await jetstream.consumer_info(stream_name, consumer.durable_name or "")).config
        except (NotFoundError, NatsError) as error:
            found.append(f"consumer {consumer.durable_name}: {_reason(error)}")
            continue
        differing = _drift(consumer, live, CONSUMER_FIELDS)
        found += [f"consumer {consumer.durable_name}: {name} differs" for name in differing]
    return found


def _stream(row: dict[str, Any], defaults: dict[str, Any]) -> StreamConfig:
    values = defaults | row
    return StreamConfig(
        name=values["name"],
        subjects=values["subjects"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        # A full stream refuses: the outbox holds the events. Discarding old ones would lose them unseen.
        discard=DiscardPolicy.NEW,
        max_age=values["max_age_days"] * 86_400,
        max_bytes=values["max_bytes"],
        max_msg_size=values["max_message_bytes"],
        duplicate_window=values["duplicate_window_minutes"] * 60,
        num_replicas=values["replicas"],
        deny_delete=True,
        deny_purge=True,
    )


def _consumer(row: dict[str, Any], defaults: dict[str, Any]) -> ConsumerConfig:
    values = defaults | row
    name = durable_name(values["service"], values["stream"], values["entity"])
    return ConsumerConfig(
        name=name,
        durable_name=name,
        filter_subject=f"{values['stream'].lower()}.{values['entity']}.>",
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=values["ack_wait_seconds"],
        # Attempts are counted in our database: a limit here would silently end an event during a long outage.
        max_deliver=-1,
        max_ack_pending=values["max_ack_pending"],
    )


def _drift(wanted: Any, live: Any, fields: tuple[str, ...] | list[str]) -> list[str]:
    return [name for name in fields if getattr(wanted, name) != getattr(live, name)]


def _concerns(service: str, stream: str, plan: Plan) -> bool:
    mine = service.replace("_", "-") + "-on-"
    listened = {name for name, consumer in plan.consumers if (consumer.durable_name or "").startswith(mine)}
    return stream == service.upper() or stream in listened


def _reason(error: Exception) -> str:
    return "missing" if isinstance(error, NotFoundError) else f"not readable ({error!r})"
