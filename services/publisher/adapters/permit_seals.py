"""Review's signature on a permit (JWS compact, Ed25519), checked with the key that review made known."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import ValidationError

from contracts.permit import PERMIT_ALGORITHM, PERMIT_ISSUER, PermitClaims
from kit.keys import Keyring
from services.publisher.domain.permit import PermitForged

MOST_BYTES = 64_000


@dataclass(frozen=True)
class SignedPermits:
    """Reads permits."""

    keyring: Keyring

    async def read(self, token: str) -> PermitClaims:
        jwk = await self.keyring.find(f"{PERMIT_ISSUER}.permit", _key_id(token))
        if jwk is None:
            raise PermitForged
        try:
            registry = jws.JWSRegistry(algorithms=[PERMIT_ALGORITHM])
            signed = jws.deserialize_compact(token, OKPKey.import_key(jwk), registry=registry)
            return _told(PermitClaims.model_validate_json(signed.payload))
        except (JoseError, ValidationError, ValueError, OverflowError, OSError) as error:
            raise PermitForged from error


def _told(claims: PermitClaims) -> PermitClaims:
    """The claims, if their instants are instants at all: a number of any size can be signed."""
    for seconds in (claims.nbf, claims.exp):
        datetime.fromtimestamp(seconds, UTC)
    return claims


def _key_id(token: str) -> str:
    """The key id that the token names, unverified: only to find the key."""
    try:
        header, _, _ = token.split(".")
        if len(token) > MOST_BYTES:
            raise PermitForged
        named = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
        if named["alg"] != PERMIT_ALGORITHM or not isinstance(named["kid"], str):
            raise PermitForged
        return str(named["kid"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PermitForged from error
