"""A service in this process, on real servers: its own database, fresh streams, a real port.

    async def test_…(house):
        registry = await house.start(SERVICE, bootstrap_password_file=…)
        answer = await registry.http.post("/registry/units", json=…, headers=house.headers(token))
        await house.publish(MassSendSent(…))                    # as the service that owns the event would
        event = await house.event(PersonRegistered)              # waits until the service published one

Nothing is patched: the service runs its outbox, relay, consumers and timers as it does in production.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import nats
import pytest
import uvicorn
from fastapi import FastAPI
from joserfc.jwk import OKPKey
from nats.aio.client import Client as NatsClient
from nats.js.errors import NotFoundError

from contracts.envelope import CloudEvent, Event
from contracts.identity import ISSUERS
from kit.auth import Grant, Principal, Tokens
from kit.clock import Clock, SystemClock
from kit.ids import new_id
from kit.keys import Keyring, SigningKey
from kit.mongo import Client, Database, connect
from kit.process import app_of
from kit.service import Service
from kit.streams import KEY_BUCKET, apply, read_plan
from stack.servers import Mongod, Nats

E = TypeVar("E", bound=Event)
WAIT_SECONDS = 30.0


class Quiet(uvicorn.Server):
    """Leaves signals to pytest."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@dataclass
class Gateway:
    """A running service."""

    app: FastAPI
    http: httpx.AsyncClient
    database: Database
    server: uvicorn.Server
    serving: asyncio.Task[None]

    @property
    def url(self) -> str:
        return str(self.http.base_url).rstrip("/")

    async def stop(self) -> None:
        """Stop as SIGTERM would: drain, then close."""
        self.server.should_exit = True
        await self.serving
        await self.http.aclose()


@dataclass
class House:
    """Everything a service needs around it."""

    mongod: Mongod
    nats_server: Nats
    folder: Path
    connection: NatsClient
    mongo: Client
    keyring: Keyring
    run_id: str = field(default_factory=lambda: new_id()[-12:])
    signing: dict[str, SigningKey] = field(default_factory=dict)
    gateways: list[Gateway] = field(default_factory=list)
    versions: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def database(self, name: str) -> Database:
        return self.mongo[f"{name}_{self.run_id}"]

    def settings(self, service: Service, **extra: Any) -> Any:
        """Settings of the service for the servers of this house."""
        values: dict[str, Any] = {
            "service": service.name,
            "mongodb_url": self.mongod.admin_url,
            "mongodb_database": f"{service.name}_{self.run_id}",
            "nats_url": self.nats_server.url,
            "nats_user": service.name,
            "nats_password": self.nats_server.password(service.name),
            "public_url": "http://127.0.0.1:8600",
            "signing_key_file": self._key_file(service.name),
            "drain_seconds": 5.0,
        }
        return service.settings(**(values | extra))

    async def start(
        self,
        service: Service,
        *,
        roles: tuple[str, ...] = ("http", "worker"),
        clock: Clock | None = None,
        **extra: Any,
    ) -> Gateway:
        """Start the service on a free port; keyword arguments are settings."""
        app = app_of(service, roles=roles, settings=self.settings(service, **extra), clock=clock)
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, lifespan="on", timeout_graceful_shutdown=5)
        server = Quiet(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            if serving.done():
                listener.close()
                await asyncio.gather(serving)
                raise RuntimeError(f"{service.name} did not start; see the log above")
            await asyncio.sleep(0.01)
        port = listener.getsockname()[1]
        # No TLS here: reading the machine's certificates would take a third of a short test.
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False, verify=False)
        gateway = Gateway(app, client, self.database(service.name), server, serving)
        self.gateways.append(gateway)
        return gateway

    async def token(
        self,
        subject: str,
        *grants: tuple[str, str],
        name: str = "",
        issuer: str = "registry",
        tenant: str | None = None,
        clock: Clock | None = None,
    ) -> str:
        """A token as registry (or micro_community, with `tenant`) would issue it; grants are (role, path)."""
        key = await self.signer(issuer, "token")
        principal = Principal(
            subject, ISSUERS[issuer], name or subject, tuple(Grant(*grant) for grant in grants), tenant
        )
        tokens = Tokens(self.keyring, clock or SystemClock())
        token, _ = tokens.issue(key, issuer, principal, lasts=timedelta(hours=1))
        return token

    async def signer(self, service: str, purpose: str) -> SigningKey:
        """A key of that service, made known in the bucket as the service would."""
        name = f"{service}.{purpose}"
        if name not in self.signing:
            key = OKPKey.generate_key("Ed25519", private=True)
            self.signing[name] = SigningKey(key, key.thumbprint())
            await self.keyring.publish(name, self.signing[name].public)
        return self.signing[name]

    async def headers(self, token: str | None = None, *, key: str | None = None) -> dict[str, str]:
        """Headers of a request that changes something; a new idempotency key unless one is given."""
        headers = {"Idempotency-Key": key or new_id()}
        return headers | ({"Authorization": f"Bearer {token}"} if token else {})

    async def publish(self, event: Event, *, event_id: str | None = None, aggver: int | None = None) -> CloudEvent:
        """Put an event on its stream as its owner would; versions count up per aggregate unless given."""
        place = f"{event.subject.split('.')[0]}|{event.aggregate}"
        self.versions[place] = aggver if aggver is not None else self.versions[place] + 1
        envelope = CloudEvent(
            id=event_id or new_id(),
            source=f"/{event.subject.split('.')[0]}",
            type=event.subject,
            subject=event.aggregate,
            time=SystemClock().now(),
            aggver=self.versions[place],
            data=event.model_dump(mode="json"),
        )
        await self.publish_raw(event.subject, envelope.model_dump_json(exclude_none=True).encode())
        return envelope

    async def publish_raw(self, subject: str, body: bytes) -> None:
        await self.connection.jetstream().publish(subject, body)

    async def events(self, kind: type[E]) -> list[E]:
        """All events of the kind that are on the stream now, in order."""
        return [kind.model_validate(envelope.data) for envelope in await self.envelopes(kind.subject)]

    async def envelopes(self, subject: str) -> list[CloudEvent]:
        """The same, with their envelopes."""
        stream, position = subject.split(".")[0].upper(), 1
        found: list[CloudEvent] = []
        jetstream = self.connection.jetstream()
        while True:
            try:
                message = await jetstream.get_msg(stream, seq=position, subject=subject, next=True)
            except NotFoundError:
                return found
            found.append(CloudEvent.model_validate_json(message.data or b""))
            position = (message.seq or 0) + 1

    async def event(self, kind: type[E], where: Callable[[E], bool] = lambda _: True) -> E:
        """Wait for an event of the kind."""

        async def look() -> E | None:
            return next((event for event in await self.events(kind) if where(event)), None)

        found: E = await eventually(look, f"a {kind.__name__} on the stream")
        return found

    def _key_file(self, service: str) -> Path:
        path = self.folder / f"{service}.pem"
        if not path.exists():
            path.write_bytes(OKPKey.generate_key("Ed25519", private=True).as_pem(private=True))
        return path


async def eventually(look: Callable[[], Awaitable[Any]], what: str, *, seconds: float = WAIT_SECONDS) -> Any:
    """Ask until the answer is true, and return it; fail with `what` and the last answer when time is over."""
    until = asyncio.get_running_loop().time() + seconds
    while True:
        answer = await look()
        if answer:
            return answer
        if asyncio.get_running_loop().time() > until:
            pytest.fail(f"not seen within {seconds} s: {what}; last: {json.dumps(answer, default=str)}")
        await asyncio.sleep(0.02)


@pytest.fixture
async def house(mongod: Mongod, nats_server: Nats, tmp_path: Path) -> AsyncIterator[House]:
    """Real servers, a database of one's own, and empty streams."""
    async with open_house(mongod, nats_server, tmp_path) as found:
        yield found


@contextlib.asynccontextmanager
async def open_house(mongod: Mongod, nats_server: Nats, folder: Path) -> AsyncIterator[House]:
    """A house on any servers: chaos tests give their own."""
    connection = await nats.connect(
        nats_server.url, user="provision", password=nats_server.password("provision"), max_reconnect_attempts=-1
    )
    jetstream = connection.jetstream()
    for info in await jetstream.streams_info():
        await jetstream.delete_stream(info.config.name or "")
    await apply(jetstream, read_plan(replicas=1))
    client = connect(mongod.admin_url, app="tests")
    keyring = Keyring(await jetstream.key_value(KEY_BUCKET))
    found = House(mongod, nats_server, folder, connection, client, keyring)
    try:
        yield found
    finally:
        for gateway in reversed(found.gateways):
            if not gateway.serving.done():
                await gateway.stop()
        for name in await client.list_database_names():
            if name.endswith(found.run_id):
                await client.drop_database(name)
        client.close()
        await connection.close()
