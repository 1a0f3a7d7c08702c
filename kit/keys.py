"""Keys: a service signs with its own, and everybody finds the public halves in the NATS bucket `keys`.

Entries are `<service>.<purpose>.<key id>`; only the service itself may write below its name. The key id is the
thumbprint of the key (RFC 7638), so an entry never changes; an old key stays until it is deleted, which is how keys
are rotated.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from joserfc.jwk import OKPKey
from nats.errors import Error as NatsError
from nats.js.errors import KeyNotFoundError, NotFoundError
from nats.js.kv import KeyValue

from kit.refusal import Refusal

log = structlog.get_logger("keys")


class KeysUnavailable(Refusal):
    """A key that is not known here yet could not be asked for: whoever signed with it may well be right."""

    code = "auth.keys_unavailable"
    status = 503
    text = "系统正忙，暂时无法核实登录，请稍后重试。"


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 private key."""

    key: OKPKey = field(repr=False)
    key_id: str

    @property
    def public(self) -> dict[str, Any]:
        """The public half as a JWK."""
        return dict(self.key.as_dict(private=False)) | {"kid": self.key_id}


def read_signing_key(path: Path) -> SigningKey:
    """Read a PEM file.

    Raises:
        OSError, ValueError: there is no such file, or no Ed25519 private key in it.
    """
    key = OKPKey.import_key(path.read_bytes())
    if not key.is_private or key.curve_name != "Ed25519":
        raise ValueError(f"{path.name} holds no Ed25519 private key")
    return SigningKey(key, key.thumbprint())


@dataclass
class Keyring:
    """The public keys of all services, kept up to date by a watch."""

    bucket: KeyValue
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    _order: list[str] = field(default_factory=list)

    async def publish(self, name: str, jwk: dict[str, Any]) -> None:
        """Put one of the own keys where the others find it; `name` is `<service>.<purpose>`."""
        entry = f"{name}.{jwk['kid']}"
        content = json.dumps(jwk, sort_keys=True).encode()
        try:
            if (await self.bucket.get(entry)).value == content:
                self._put(entry, content)
                return
        except KeyNotFoundError:
            pass
        await self.bucket.put(entry, content)
        self._put(entry, content)

    async def find(self, name: str, key_id: str) -> dict[str, Any] | None:
        """The public key `<service>.<purpose>` with that id, or None if there is none, or it was withdrawn.

        Raises:
            KeysUnavailable: nobody can say whether there is one.
        """
        entry = f"{name}.{key_id}"
        if entry not in self.entries and key_id.replace("-", "").replace("_", "").isalnum():
            # It may be newer than what the watch has brought.
            try:
                self._put(entry, (await self.bucket.get(entry)).value)
            except NotFoundError:
                return None
            except (NatsError, TimeoutError) as error:
                raise KeysUnavailable from error
        return self.entries.get(entry)

    async def newest(self, name: str) -> dict[str, Any] | None:
        """The key of that name that was published last."""
        mine = [entry for entry in self._order if entry.startswith(f"{name}.")]
        return self.entries[mine[-1]] if mine else None

    async def watch(self) -> None:
        """Follow the bucket, for ever."""
        while True:
            try:
                watcher = await self.bucket.watchall()
                try:
                    async for entry in watcher:
                        if entry is not None:
                            self._take(entry.key, entry.value, entry.operation)
                finally:
                    await watcher.stop()  # type: ignore[no-untyped-call]
            except (NatsError, TimeoutError) as error:
                log.warning("key_watch_interrupted", error=repr(error))
            await asyncio.sleep(1.0)

    def _take(self, name: str, value: bytes | None, operation: str | None) -> None:
        if operation in ("DEL", "PURGE"):
            self.entries.pop(name, None)
            self._order = [other for other in self._order if other != name]
        else:
            self._put(name, value)

    def _put(self, name: str, value: bytes | None) -> None:
        if value is not None:
            self.entries[name] = json.loads(value)
            self._order = [other for other in self._order if other != name] + [name]
