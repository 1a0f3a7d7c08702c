"""Secrets of a local stack: made once at random, kept in files that only their owner may read."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Vault:
    """A folder of secrets; each is generated on first use and stays the same afterwards."""

    folder: Path

    def password(self, name: str) -> str:
        """The password called `name`: letters and digits only, a letter first.

        nats-server parses values taken from the environment as configuration, so one that looked like a number,
        a boolean or a bcrypt hash would be misread.
        """
        return self.text(f"{name}.password")

    def text(self, file_name: str) -> str:
        return self.path(file_name, _password).read_text(encoding="ascii")

    def password_file(self, name: str) -> Path:
        return self.path(f"{name}.password", _password)

    def signing_key_file(self, service: str) -> Path:
        """The service's Ed25519 private key, PKCS #8 PEM."""
        return self.path(f"{service}.signing.pem", _ed25519_pem)

    def sealing_key_file(self, service: str) -> Path:
        """The service's X25519 private key, 32 raw bytes in base64."""
        return self.path(f"{service}.sealing.key", lambda: base64.b64encode(secrets.token_bytes(32)))

    def mongod_key_file(self) -> Path:
        """What the members of the replica set know each other by."""
        return self.path("mongod.key", lambda: base64.b64encode(secrets.token_bytes(96)))

    def path(self, file_name: str, generate: Callable[[], bytes]) -> Path:
        """The file of that name; written first, mode 600, if it is not there."""
        path = self.folder / file_name
        if path.exists():
            return path
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f".{file_name}.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(generate())
        fresh.replace(path)
        return path


def _password() -> bytes:
    return b"p" + secrets.token_hex(20).encode("ascii")


def _ed25519_pem() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
