"""libsodium sealed boxes: what others sealed to us, and what we keep sealed ourselves."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from pydantic import ValidationError

from contracts.registry import WeChatCredentials
from services.publisher.domain.account import SealedCredentials
from services.publisher.ports import CredentialsUnreadable


@dataclass(frozen=True)
class SodiumVault:
    """Holds the X25519 private key in memory; nothing that it opened is kept."""

    key: PrivateKey = field(repr=False)

    @property
    def public_key(self) -> Mapping[str, str]:
        """JWK of the public half; its id is the thumbprint (RFC 7638)."""
        jwk = {"crv": "X25519", "kty": "OKP", "x": _base64url(bytes(self.key.public_key))}
        thumbprint = hashlib.sha256(json.dumps(jwk, sort_keys=True, separators=(",", ":")).encode()).digest()
        return jwk | {"kid": _base64url(thumbprint)}

    def open_credentials(self, sealed: SealedCredentials) -> WeChatCredentials:
        try:
            credentials = WeChatCredentials.model_validate_json(self._open(sealed.sealed))
        except (CryptoError, ValueError, ValidationError) as error:
            # The cause is left out: its text may repeat what was inside.
            raise CredentialsUnreadable(type(error).__name__) from None
        if credentials.app_id != sealed.app_id:
            raise CredentialsUnreadable("the app id inside is another")
        return credentials

    def seal(self, text: str) -> str:
        return base64.b64encode(SealedBox(self.key.public_key).encrypt(text.encode())).decode()

    def open(self, sealed: str) -> str:
        try:
            return self._open(sealed).decode()
        except (CryptoError, ValueError) as error:
            raise CredentialsUnreadable(type(error).__name__) from None

    def _open(self, sealed: str) -> bytes:
        return SealedBox(self.key).decrypt(base64.b64decode(sealed, validate=True))


def read_sealing_key(path: Path) -> SodiumVault:
    """Read the file with the base64 of the 32 bytes.

    Raises:
        OSError, ValueError: there is no such file, or no key in it; the message does not repeat its content.
    """
    try:
        raw = base64.b64decode(path.read_text().strip(), validate=True)
    except ValueError:
        raise ValueError(f"{path.name} is not base64") from None
    if len(raw) != PrivateKey.SIZE:
        raise ValueError(f"{path.name} holds {len(raw)} bytes, not {PrivateKey.SIZE}")
    return SodiumVault(PrivateKey(raw))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
