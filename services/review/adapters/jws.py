"""Permits as JWS in compact form, Ed25519 (RFC 7515, RFC 9864)."""

from __future__ import annotations

from dataclasses import dataclass

from joserfc import jws

from contracts.permit import PERMIT_ALGORITHM, PermitClaims, canonical
from kit.keys import SigningKey

TYPE = "permit+jws"


@dataclass(frozen=True)
class JwsSeal:
    """Signs with the service's own key; its public half lies in the bucket as `review.permit.<kid>`."""

    key: SigningKey

    def sign(self, claims: PermitClaims) -> str:
        """The permit's token. The header names the key and the type; the payload is the canonical claims."""
        header = {"alg": PERMIT_ALGORITHM, "kid": self.key.key_id, "typ": TYPE}
        payload = canonical(claims.model_dump(mode="json"))
        return jws.serialize_compact(header, payload, self.key.key, algorithms=[PERMIT_ALGORITHM])
