"""A stack for browsers: edge, micro_community, publisher and the WeChat sandbox, with one open community.

python -m tests.e2e.h5.stage FOLDER     # prints one line of JSON, and ends when its standard input ends
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import nats
from nacl.public import PrivateKey, SealedBox
from nats.aio.client import Client

from contracts.envelope import CloudEvent, Event
from contracts.registry import CredentialsEntrusted, OfficialAccountRegistered, WeChatCredentials
from kit.auth import Grant, Principal, Tokens
from kit.clock import SystemClock
from kit.ids import new_id
from kit.keys import Keyring, read_signing_key
from kit.streams import KEY_BUCKET
from stack.console import Console
from stack.options import Options
from stack.parts.servers import own_nats
from stack.servers.permissions import PROVISION
from stack.system import Stack
from tests.support.services import eventually

PARTS = ("edge", "micro_community", "publisher", "wechat")
UNIT = "/hengyuan/medical"
NAME = "澜栎医养"


@dataclass(frozen=True)
class Staged:
    """What a browser test has to know."""

    edge: str
    wechat: str
    account_id: str
    app_id: str
    operator: str
    """Token of the account's operator."""


async def main(folder: Path) -> None:
    async with (
        Stack.start(Options(folder=folder, only=PARTS), Console(io.StringIO())) as stack,
        _provision(stack) as wire,
    ):
        staged = await _open_account(stack, wire)
        sys.stdout.write(json.dumps(asdict(staged)) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


@contextlib.asynccontextmanager
async def _provision(stack: Stack) -> AsyncIterator[Client]:
    server = own_nats(stack.layout)
    client = await nats.connect(server.url, user=PROVISION, password=server.password(PROVISION))
    try:
        yield client
    finally:
        await client.close()


async def _open_account(stack: Stack, wire: Client) -> Staged:
    edge = stack.addresses["edge"]
    async with httpx.AsyncClient(base_url=stack.addresses["wechat"], trust_env=False) as sandbox:
        host = edge.removeprefix("http://")
        wanted = {"name": NAME, "oauth_domains": [host], "js_domains": [host]}
        account = (await sandbox.post("/_control/accounts", json=wanted)).raise_for_status().json()
    account_id = new_id()
    await _publish(wire, _registered(account_id, account["original_id"]), 1)
    await _publish(wire, _entrusted(stack, account_id, account), 2)
    await _until_open(edge, account_id)
    token = await _operator(stack, wire)
    return Staged(edge, stack.addresses["wechat"], account_id, account["appid"], token)


def _registered(account_id: str, original_id: str) -> OfficialAccountRegistered:
    return OfficialAccountRegistered(
        account_id=account_id,
        unit_id=new_id(),
        unit_path=UNIT,
        name=NAME,
        kind="service",
        verified=True,
        is_group_account=False,
        intro="看病、养病、少生病",
        original_id=original_id,
        filing_number="GW-2026-0001",
        registered_at=datetime.now(UTC),
    )


def _entrusted(stack: Stack, account_id: str, account: dict[str, str]) -> CredentialsEntrusted:
    key = PrivateKey(base64.b64decode(stack.layout.vault.sealing_key_file("publisher").read_bytes()))
    credentials = WeChatCredentials(
        app_id=account["appid"],
        app_secret=account["secret"],
        token=account["token"],
        encoding_aes_key=account["encoding_aes_key"],
    )
    sealed = SealedBox(key.public_key).encrypt(credentials.model_dump_json().encode())
    return CredentialsEntrusted(
        account_id=account_id,
        app_id=account["appid"],
        key_id="k1",
        sealed=base64.b64encode(sealed).decode(),
        entrusted_by="p1",
    )


async def _publish(wire: Client, event: Event, version: int) -> None:
    envelope = CloudEvent(
        id=new_id(),
        source=f"/{event.subject.split('.')[0]}",
        type=event.subject,
        subject=event.aggregate,
        time=SystemClock().now(),
        aggver=version,
        data=event.model_dump(mode="json"),
    )
    await wire.jetstream().publish(event.subject, envelope.model_dump_json(exclude_none=True).encode())


async def _until_open(edge: str, account_id: str) -> None:
    """Publisher has to know the account as well: it signs for pages, and it exchanges codes."""
    path = f"/community/{account_id}/page-signature"
    async with httpx.AsyncClient(base_url=edge, trust_env=False) as client:

        async def open_now() -> bool:
            return (await client.get(path, params={"url": f"{edge}/h5/{account_id}/"})).status_code == 200

        await eventually(open_now, "publisher and the community know the account", seconds=120)


async def _operator(stack: Stack, wire: Client) -> str:
    """Registry does not run here; its key does what it would do."""
    keyring = Keyring(await wire.jetstream().key_value(KEY_BUCKET))
    key = read_signing_key(stack.layout.vault.signing_key_file("registry"))
    await keyring.publish("registry.token", key.public)
    principal = Principal("p1", "person", "运营人员", (Grant("operator", UNIT),), None)
    token, _ = Tokens(keyring, SystemClock()).issue(key, "registry", principal, lasts=timedelta(hours=2))
    return token


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
