"""Sealing by libsodium's sealed boxes, to the newest key that publisher made known."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import structlog
from nacl.exceptions import CryptoError
from nacl.public import PublicKey
from nacl.public import SealedBox as Sodium

from kit.keys import Keyring
from services.registry.domain.custody import SealKeyMissing
from services.registry.ports import SealedBox

KEY_NAME = "publisher.seal"
log = structlog.get_logger("seals")


@dataclass(frozen=True)
class SodiumSeals:
    """`keyring` holds the key as a JWK: `kty` OKP, `crv` X25519, `x` the 32 bytes in base64url (RFC 8037)."""

    keyring: Keyring

    async def seal(self, content: bytes) -> SealedBox:
        jwk = await self.keyring.newest(KEY_NAME)
        if jwk is None:
            raise SealKeyMissing
        sealed = Sodium(_public_key(jwk)).encrypt(content)
        return SealedBox(str(jwk["kid"]), base64.b64encode(sealed).decode("ascii"))


def _public_key(jwk: dict[str, Any]) -> PublicKey:
    try:
        if (jwk["kty"], jwk["crv"]) != ("OKP", "X25519"):
            raise ValueError(jwk["crv"])
        text = str(jwk["x"])
        return PublicKey(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (KeyError, ValueError, binascii.Error, CryptoError) as error:
        log.error("seal_key_unusable", kid=jwk.get("kid"), error=repr(error))
        raise SealKeyMissing from error
