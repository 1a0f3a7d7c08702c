"""Where it is measured: the servers and one service's processes, as the local stack runs them, with http and worker
apart as in Kubernetes. The bench stands in for registry and publisher: it tells the events and answers the questions
that the service has for them."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import nats
from nats.aio.client import Client as NatsClient

from contracts.asks import ExchangeOAuthCode, OAuthIdentity
from contracts.envelope import CloudEvent, Event
from contracts.registry import CredentialsEntrusted, OfficialAccountRegistered
from kit.asks import Answering, serve
from kit.auth import Grant, Principal, Tokens
from kit.clock import SystemClock
from kit.ids import new_id
from kit.keys import Keyring, read_signing_key
from kit.mongo import Client, Database, connect
from kit.streams import KEY_BUCKET
from stack.child import Child, Launch
from stack.console import Console
from stack.layout import python
from stack.options import Options
from stack.parts.servers import own_mongod, own_nats
from stack.places import REPOSITORY
from stack.ports import free_ports
from stack.readiness import http_ok, until
from stack.servers.permissions import inbox_prefix
from stack.system import Stack

SERVICE = "micro_community"
UNIT_PATH = "/bench/unit"
PATIENCE_SECONDS = 600.0
TRACE_RATIO = "0.01"
"""One request in a hundred is traced, as a busy deployment would have it."""


@dataclass
class Site:
    """What a bench works with."""

    stack: Stack
    client: Client
    bare_url: str
    registry: NatsClient
    versions: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.stack.addresses[SERVICE]

    @property
    def mongodb_url(self) -> str:
        return own_mongod(self.stack.layout).admin_url

    @property
    def database(self) -> Database:
        return self.client[SERVICE]

    @property
    def pids(self) -> dict[str, int]:
        """Of the measured processes."""
        return {name: self.stack.record.pids[name] for name in (SERVICE, f"{SERVICE}_worker", "mongod")}

    async def open_account(self) -> str:
        """A new account's community, opened as registry would; its id."""
        account_id = new_id()
        await self._tell(_registered(account_id))
        entrusted = CredentialsEntrusted(
            account_id=account_id, app_id=f"wx{account_id[:16]}", key_id="bench", sealed="c2VhbGVk", entrusted_by="b"
        )
        await self._tell(entrusted)

        async def ready() -> bool:
            return bool(await self.database["communities"].find_one({"_id": account_id, "app_id": {"$ne": None}}))

        await wait_for(ready, "the community to open")
        return account_id

    async def operator_token(self) -> str:
        """Somebody of the group who may set a community's rules, as registry would sign it."""
        key = read_signing_key(self.stack.layout.vault.signing_key_file("registry"))
        keyring = Keyring(await self.registry.jetstream().key_value(KEY_BUCKET))
        await keyring.publish("registry.token", key.public)
        principal = Principal("bench", "person", "运营人员", (Grant("operator", UNIT_PATH),))
        token, _ = Tokens(keyring, SystemClock()).issue(key, "registry", principal, lasts=timedelta(hours=8))
        return token

    async def sign_in(self, account_id: str, openid: str) -> str:
        """A follower's token, by the way that a browser goes."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as browser:
            start = await browser.get(f"/community/{account_id}/oauth/start")
            state = parse_qs(urlsplit(start.headers["location"]).query)["state"][0]
            back = await browser.get(f"/community/{account_id}/oauth/callback", params={"code": openid, "state": state})
            back.raise_for_status() if back.is_error else None
            return browser.cookies["guanwei_member"]

    async def settle(self) -> None:
        """Wait until the worker has taken up, and sent out, all that was written."""

        async def settled() -> bool:
            for name in ("posts", "replies", "likes"):
                if await self.database[name].find_one({"unsent_at": {"$exists": True}}, {"_id": 1}):
                    return False
            return await self.database["outbox"].find_one({"state": "pending"}, {"_id": 1}) is None

        await wait_for(settled, "the worker to take up what was written")

    async def _tell(self, event: Event) -> None:
        self.versions[event.aggregate] = self.versions.get(event.aggregate, 0) + 1
        envelope = CloudEvent(
            id=new_id(),
            source="/registry",
            type=event.subject,
            subject=event.aggregate,
            time=SystemClock().now(),
            aggver=self.versions[event.aggregate],
            data=event.model_dump(mode="json"),
        )
        await self.registry.jetstream().publish(event.subject, envelope.model_dump_json(exclude_none=True).encode())


async def wait_for(look: Callable[[], Awaitable[bool]], what: str) -> None:
    """Ask until the answer is yes."""
    async with asyncio.timeout(PATIENCE_SECONDS) as limit:
        while not await look():
            if limit.expired():
                raise TimeoutError(f"waited in vain for {what}")
            await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def open_site(*, edge: bool = False) -> AsyncIterator[Site]:
    """Everything started on free ports, and removed at the end; with the edge and the page if asked for."""
    parts = (SERVICE, f"{SERVICE}_worker", *(["edge"] if edge else []))
    environment = {**os.environ, "GUANWEI_TRACE_RATIO": TRACE_RATIO}
    options = Options(ephemeral=True, workers_apart=True, only=parts, environment=environment)
    async with Stack.start(options, Console()) as stack, contextlib.AsyncExitStack() as ends:
        client = connect(own_mongod(stack.layout).admin_url, app="bench")
        ends.callback(client.close)
        registry = await _connect(stack, "registry")
        ends.push_async_callback(registry.close)
        publisher = await _connect(stack, "publisher")
        ends.push_async_callback(publisher.close)
        await serve(publisher, "publisher", (Answering(ExchangeOAuthCode, _exchange),))
        bare_url = await ends.enter_async_context(_bare())
        yield Site(stack, client, bare_url, registry)


@contextlib.asynccontextmanager
async def _bare() -> AsyncIterator[str]:
    port = free_ports(["bare"])["bare"]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(REPOSITORY)}
    child = Child(Launch(python("-m", "bench.load.bare", str(port)), environment, REPOSITORY))
    try:
        url = f"http://127.0.0.1:{port}"
        await until(lambda: http_ok(url), 30.0)
        yield url
    finally:
        await child.stop()


async def _connect(stack: Stack, user: str) -> NatsClient:
    server = own_nats(stack.layout)
    return await nats.connect(
        server.url, user=user, password=server.password(user), inbox_prefix=inbox_prefix(user).encode()
    )


async def _exchange(question: ExchangeOAuthCode) -> OAuthIdentity:
    """Any code is that of the openid of the same name."""
    openid = question.code
    return OAuthIdentity(
        openid=openid, unionid=None, scope="snsapi_userinfo", is_snapshot_user=False, nickname=openid, avatar_url=None
    )


def _registered(account_id: str) -> OfficialAccountRegistered:
    return OfficialAccountRegistered(
        account_id=account_id,
        unit_id=new_id(),
        unit_path=UNIT_PATH,
        name="测速",
        kind="service",
        verified=True,
        is_group_account=False,
        intro="测速用",
        original_id=f"gh_{account_id[:12]}",
        filing_number="GW-2026-0001",
        registered_at=SystemClock().now(),
    )
