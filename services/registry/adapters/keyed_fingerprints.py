"""Fingerprints of requests that hold secrets.

A plain digest of a password would be a fast hash to try guesses against, beside the slow one that is kept on purpose;
with a key that the database does not know, it is worth nothing to who has the database.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from kit.keys import SigningKey

PURPOSE = b"guanwei registry request fingerprints"


@dataclass(frozen=True)
class KeyedFingerprints:
    """HMAC-SHA-256 under a key that is derived from the service's own."""

    key: bytes = field(repr=False)

    @classmethod
    def from_signing_key(cls, signing_key: SigningKey) -> KeyedFingerprints:
        """The same on every replica, for they share the signing key."""
        private = signing_key.key.as_der(private=True)
        return cls(hmac.digest(private, PURPOSE, hashlib.sha256))

    def of(self, *parts: str) -> str:
        message = b"".join(len(part.encode()).to_bytes(8, "big") + part.encode() for part in parts)
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()
