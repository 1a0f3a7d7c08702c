"""The permit: review's signed word that one act on one account may happen, once.

A permit is a JWS in compact form, signed with Ed25519 (RFC 9864 `alg: Ed25519`), whose payload is `PermitClaims`.
What is approved is the digest of the canonical payload, so author, approver and executor speak of the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

PERMIT_ALGORITHM = "Ed25519"
PERMIT_ISSUER = "review"

Act = Literal["mass_send", "menu", "auto_reply", "profile", "deletion", "unfreeze"]


class Approval(BaseModel):
    """Who approved, and in which capacity (`head`, `responsible_person`, `communications`, `delegate`)."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    display_name: str
    capacity: str
    decided_at: int
    """Seconds since the epoch."""


class PermitClaims(BaseModel):
    """What the signature covers. Instants are seconds since the epoch (RFC 7519 NumericDate)."""

    model_config = ConfigDict(frozen=True)

    iss: Literal["review"] = "review"
    jti: str
    """Id of the permit."""
    act: Act
    account_id: str
    subject_id: str
    """What the act is done with: for a mass send the issue."""
    digest: str
    nbf: int
    """Not before."""
    exp: int
    """Not after."""
    case_id: str
    policy_version: str
    approvals: tuple[Approval, ...]


class UncanonicalPayload(ValueError):
    """The payload holds something that has no one canonical form (a float, a non-string key, an unknown type)."""


def canonical(payload: Mapping[str, Any]) -> bytes:
    """The one byte string of a payload: UTF-8 JSON, keys sorted, no white space, no floats.

    A subset of RFC 8785 (JCS): without floating-point numbers the two agree, as long as keys are in the basic plane.
    """
    _refuse_uncanonical(payload)
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def digest_of(payload: Mapping[str, Any]) -> str:
    """`sha256:` and the lower-case hex digest of the canonical payload."""
    return "sha256:" + hashlib.sha256(canonical(payload)).hexdigest()


def _refuse_uncanonical(value: Any) -> None:
    if value is None or isinstance(value, bool | int | str):
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise UncanonicalPayload(f"key {key!r} is not a string")
            _refuse_uncanonical(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_uncanonical(inner)
    else:
        raise UncanonicalPayload(f"{type(value).__name__} has no canonical form")
