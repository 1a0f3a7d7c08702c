"""Who is calling: short-lived Ed25519 tokens, verified offline, and roles that hold for a part of the tree."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry
from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.identity import ISSUERS, Kind
from kit.clock import Clock
from kit.ids import new_id
from kit.keys import Keyring, SigningKey
from kit.refusal import Forbidden, Unauthenticated

ALGORITHM = "Ed25519"
PURPOSE = "token"
LEEWAY_SECONDS = 30
KNOWN_SECONDS = 10.0
MOST_KNOWN = 20_000


class TokenExpired(Unauthenticated):
    """The token's time is over."""

    code = "auth.token_expired"
    text = "登录已过期，请重新登录。"


class TokenInvalid(Unauthenticated):
    """Not signed by a key we know, or not for this."""

    code = "auth.token_invalid"
    text = "登录凭证无效，请重新登录。"


@dataclass(frozen=True)
class Grant:
    """A role for the unit at `path` and all below it."""

    role: str
    path: str

    def covers(self, path: str) -> bool:
        return path == self.path or path.startswith(self.path.rstrip("/") + "/")


@dataclass(frozen=True)
class Principal:
    """The caller. `tenant` is what a member belongs to, and sees nothing beside."""

    subject: str
    kind: Kind
    name: str
    grants: tuple[Grant, ...] = ()
    tenant: str | None = None

    def holds(self, *roles: str, path: str) -> bool:
        """True with any of the roles at the path or above it."""
        return any(grant.role in roles and grant.covers(path) for grant in self.grants)

    def require(self, *roles: str, path: str) -> None:
        """Raise Forbidden unless one of the roles is held at the path or above it."""
        if not self.holds(*roles, path=path):
            raise Forbidden(needed=list(roles), path=path)

    def paths(self, *roles: str) -> tuple[str, ...]:
        """Where one of the roles is held: what lists are narrowed to."""
        return tuple(sorted({grant.path for grant in self.grants if grant.role in roles}))


class _Claims(BaseModel):
    model_config = ConfigDict(extra="ignore")

    iss: str
    sub: str
    exp: int
    iat: int
    name: str = ""
    grants: list[tuple[str, str]] = []
    tenant: str | None = None


@dataclass(frozen=True)
class _Known:
    verified_at: float
    expires_at: int
    principal: Principal


@dataclass(frozen=True)
class Tokens:
    """Verifies everybody's tokens, and issues those of this service."""

    keyring: Keyring
    clock: Clock
    _known: dict[str, _Known] = field(default_factory=dict, repr=False)
    """Tokens whose signature was verified, by the token, for `KNOWN_SECONDS`: a page asks many times a minute."""

    def issue(self, key: SigningKey, issuer: str, principal: Principal, *, lasts: timedelta) -> tuple[str, datetime]:
        """A token for the principal, and when it ends."""
        now = self.clock.now()
        claims: dict[str, Any] = {
            "iss": issuer,
            "sub": principal.subject,
            "jti": new_id(),
            "iat": int(now.timestamp()),
            "exp": int((now + lasts).timestamp()),
            "name": principal.name,
            "grants": [(grant.role, grant.path) for grant in principal.grants],
            "tenant": principal.tenant,
        }
        header = {"alg": ALGORITHM, "kid": key.key_id}
        return jwt.encode(header, claims, key.key, registry=_registry()), now + lasts

    async def verify(self, token: str, kinds: Sequence[Kind]) -> Principal:
        """Who the token speaks for.

        Raises:
            TokenInvalid: forged, malformed, of an unknown key, or of another kind.
            TokenExpired
        """
        known = self._known.get(token)
        if known is None or known.principal.kind not in kinds or time.monotonic() - known.verified_at >= KNOWN_SECONDS:
            known = await self._verified(token, kinds)
        if known.expires_at + LEEWAY_SECONDS < self.clock.now().timestamp():
            raise TokenExpired
        return known.principal

    async def _verified(self, token: str, kinds: Sequence[Kind]) -> _Known:
        kid, issuer = _peek(token)
        kind = ISSUERS.get(issuer)
        jwk = await self.keyring.find(f"{issuer}.{PURPOSE}", kid) if kind in kinds else None
        if jwk is None or kind is None:
            raise TokenInvalid
        try:
            decoded = jwt.decode(token, OKPKey.import_key(jwk), registry=_registry())
            claims = _Claims.model_validate(decoded.claims)
        except (JoseError, ValidationError, ValueError) as error:
            raise TokenInvalid from error
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        grants = tuple(Grant(role, path) for role, path in claims.grants)
        principal = Principal(claims.sub, kind, claims.name, grants, claims.tenant)
        known = self._known[token] = _Known(time.monotonic(), claims.exp, principal)
        return known


def _peek(token: str) -> tuple[str, str]:
    """Key id and issuer, unverified: only to find the key."""
    import base64
    import json

    try:
        header, payload, _ = token.split(".")
        kid = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
        issuer = json.loads(base64.urlsafe_b64decode(payload + "=="))["iss"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TokenInvalid from error
    if not isinstance(kid, str) or not isinstance(issuer, str):
        raise TokenInvalid
    return kid, issuer


def _registry() -> JWSRegistry:
    return JWSRegistry(algorithms=[ALGORITHM])
