"""What a service is made of, as data: its router, indexes and `bootstrap`, and what these are handed and hand back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client as NatsClient

from kit.asks import Answering, Asker
from kit.auth import Tokens
from kit.clock import Clock
from kit.keys import Keyring, SigningKey
from kit.metrics import Metrics
from kit.mongo import Indexes
from kit.periodic import Periodic
from kit.routes import Routes
from kit.sending import Sender
from kit.settings import ServiceSettings
from kit.subscriptions import Subscription
from kit.transaction import Store


@dataclass(frozen=True)
class Runtime:
    """What the kit hands to a service's `bootstrap`."""

    settings: ServiceSettings
    store: Store
    clock: Clock
    keyring: Keyring
    tokens: Tokens
    signing_key: SigningKey
    asker: Asker
    connection: NatsClient
    sender: Sender
    metrics: Metrics


@dataclass(frozen=True)
class Parts:
    """What a service's `bootstrap` makes of it."""

    dependencies: Any
    subscriptions: tuple[Subscription, ...] = ()
    periodic: tuple[Periodic, ...] = ()
    answers: tuple[Answering, ...] = ()
    tasks: tuple[Callable[[], Coroutine[Any, Any, None]], ...] = ()
    """Run in the http process for as long as it lives."""
    worker_tasks: tuple[Callable[[], Coroutine[Any, Any, None]], ...] = ()
    """Run in the worker for as long as it lives."""
    keys: tuple[tuple[str, dict[str, Any]], ...] = ()
    """Public keys to make known: (`<service>.<purpose>`, JWK)."""
    close: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True)
class Service:
    """A service, before it is started."""

    name: str
    title: str
    prefix: str
    router: Routes
    settings: type[ServiceSettings]
    indexes: Indexes
    bootstrap: Callable[[Runtime], Awaitable[Parts]]
