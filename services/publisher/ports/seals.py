"""What is sealed to us, and what is signed by others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from contracts.permit import PermitClaims
from contracts.registry import WeChatCredentials
from services.publisher.domain.account import SealedCredentials


class CredentialsUnreadable(Exception):
    """The sealed box cannot be opened with the key we have, or holds something else."""


class Vault(Protocol):
    """Opens what was sealed to us, in memory only."""

    @property
    def public_key(self) -> Mapping[str, str]:
        """The JWK that others seal to."""
        ...

    def open_credentials(self, sealed: SealedCredentials) -> WeChatCredentials:
        """Raises CredentialsUnreadable."""
        ...

    def seal(self, text: str) -> str: ...

    def open(self, sealed: str) -> str: ...


class PermitSeals(Protocol):
    async def read(self, token: str) -> PermitClaims:
        """What review signed.

        Raises:
            PermitForged: it did not sign this.
        """
        ...
