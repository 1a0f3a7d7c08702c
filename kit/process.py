"""A service as a process: in which order it starts, when it is ready, and how it stops without losing anything."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from fastapi import FastAPI
from nats.aio.client import Client as NatsClient
from nats.js import JetStreamContext

from kit import asks, bus, dead_letters, http, inbox, mongo, outbox, periodic, readiness, streams
from kit.auth import Tokens
from kit.clock import Clock, SystemClock
from kit.delivery import Delivery
from kit.keys import Keyring, read_signing_key
from kit.metrics import new_metrics
from kit.mongo import Indexes
from kit.relay import Relay
from kit.routes import add_routes
from kit.sending import Sender
from kit.service import Parts, Runtime, Service
from kit.settings import ServiceSettings, load
from kit.sweeper import Sweeper
from kit.telemetry import start_logging, start_tracing
from kit.transaction import Store
from kit.watchdog import Watchdog

KIT_INDEXES: Indexes = {**outbox.INDEXES, **inbox.INDEXES, **dead_letters.INDEXES}
SWEEP_SECONDS = 2.0

log = structlog.get_logger("process")


@dataclass
class _Running:
    """What readiness looks at, and what stopping has to undo."""

    service: Service
    runtime: Runtime
    jetstream: JetStreamContext
    wires: bus.Bus
    consuming: NatsClient | None = None
    """The broker's connection, in a worker."""
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.create_task(work))

    async def missing(self) -> list[str]:
        """Names of what is not there, empty when ready."""
        database, indexes = self.runtime.store.database, {**KIT_INDEXES, **self.service.indexes}
        lacking = await readiness.missing(self.service.name, indexes, database, self.jetstream)
        if self.consuming is not None and not self.consuming.is_connected:
            lacking.append("nats: the consumers' connection")
        return lacking + [f"task: {task.get_coro()}" for task in self.tasks if task.done()]


def app_of(
    service: Service,
    *,
    roles: Sequence[str],
    settings: ServiceSettings | None = None,
    clock: Clock | None = None,
) -> FastAPI:
    """The ASGI app of a process. Roles: `http` (the gateway), `worker` (consumers, relay, timers), or both.

    Without `settings` they are read from the environment, and the process is set up for logs and traces; with them
    the app is a guest in somebody's process, which has its own.
    """
    with contextlib.ExitStack() as telemetry:
        if settings is None:
            settings = load(service.settings)
            start_logging(service.name, settings.log_level)
            telemetry.callback(start_tracing(service.name, ratio=settings.trace_ratio))
        ends = telemetry.pop_all()
    known = settings
    metrics = new_metrics()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(ends.close)
            running = await _connect(service, known, app, clock or SystemClock(), stack)
            await _start(running, roles, app, stack)
            log.info("started", roles=list(roles))
            yield
            log.info("stopping")

    app = http.new_app(service.title, service.prefix, metrics, max_body_bytes=known.max_body_bytes, lifespan=lifespan)
    app.door.trace_ratio = known.trace_ratio
    app.state.metrics = metrics
    if "http" in roles:
        add_routes(app, service.router, service.prefix)
    return app


async def _connect(
    service: Service, settings: ServiceSettings, app: FastAPI, clock: Clock, stack: contextlib.AsyncExitStack
) -> _Running:
    wires = bus.Bus(settings, app.state.metrics)
    connection = await wires.connect()
    stack.push_async_callback(wires.close, connection)
    runtime = await _runtime(service, settings, wires, connection, clock)
    stack.callback(runtime.store.client.close)
    running = _Running(service, runtime, connection.jetstream(), wires)
    await _require_streams(running)
    return running


async def _start(running: _Running, roles: Sequence[str], app: FastAPI, stack: contextlib.AsyncExitStack) -> None:
    runtime = running.runtime
    stack.push_async_callback(_cancel, running.tasks)
    running.start(runtime.keyring.watch())
    running.start(Watchdog(runtime.metrics).beat())
    parts = await running.service.bootstrap(runtime)
    if parts.close is not None:
        stack.push_async_callback(parts.close)
    for name, jwk in parts.keys:
        await runtime.keyring.publish(name, jwk)
    app.state.dependencies = parts.dependencies
    app.state.tokens = runtime.tokens
    app.state.missing = running.missing
    if "http" in roles:
        for task in parts.tasks:
            running.start(task())
    if "worker" in roles:
        await _start_worker(running, parts, stack)


async def _runtime(
    service: Service, settings: ServiceSettings, wires: bus.Bus, connection: NatsClient, clock: Clock
) -> Runtime:
    client = mongo.connect(settings.mongodb_url.get_secret_value(), app=f"guanwei-{service.name}")
    database = client[settings.database_name]
    await mongo.ensure_indexes(database, {**KIT_INDEXES, **service.indexes})
    keyring = Keyring(await connection.jetstream().key_value(streams.KEY_BUCKET))
    return Runtime(
        settings=settings,
        store=Store(client, database, clock, service.name, settings.transaction_seconds),
        clock=clock,
        keyring=keyring,
        tokens=Tokens(keyring, clock),
        signing_key=read_signing_key(settings.signing_key_file),
        asker=asks.Asker(connection),
        connection=connection,
        sender=Sender(connection, service.name.upper()),
        metrics=wires.metrics,
    )


async def _require_streams(running: _Running) -> None:
    problems = await streams.drift(running.jetstream, streams.read_plan(), service=running.service.name)
    if problems:
        raise streams.StreamsMissing("; ".join(problems) + ". Run: guanwei streams apply")


async def _start_worker(running: _Running, parts: Parts, stack: contextlib.AsyncExitStack) -> None:
    runtime, service, wires = running.runtime, running.service, running.wires
    broker = wires.broker()
    deliveries: dict[str, Delivery] = {}
    for subscription in parts.subscriptions:
        name = subscription.durable(service.name)
        delivery = Delivery(runtime.store, subscription, name, runtime.metrics)
        deliveries[name] = delivery
        bus.subscribe(
            broker,
            durable=(subscription.stream, name, subscription.filter_subject),
            workers=runtime.settings.delivery_workers,
            prefix=wires.inbox_prefix,
            deliver=delivery.deliver,
        )
    database = runtime.store.database
    relay = Relay(database, runtime.sender, runtime.clock, runtime.metrics)
    running.start(relay.run())
    sweeper = Sweeper(database, deliveries, runtime.metrics)
    for job in (periodic.Periodic("sweeper", SWEEP_SECONDS, sweeper.sweep), *parts.periodic):
        running.start(periodic.run(job, database))
    for task in parts.worker_tasks:
        running.start(task())
    await asks.serve(runtime.connection, service.name, parts.answers)
    running.consuming = await broker.connect()
    running.start(wires.keep_watch(runtime.connection, running.consuming))
    await broker.start()
    # Last started, first stopped: handlers under way may finish, the relay is still there for their events.
    stack.push_async_callback(wires.stop, broker)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
