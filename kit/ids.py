"""Identifiers: time-ordered for what is new, derived for what must come out the same twice."""

from __future__ import annotations

import hashlib

import uuid_utils


def new_id() -> str:
    """A UUIDv7 (RFC 9562) as 32 hex digits: later ids sort after earlier ones, to the millisecond."""
    return uuid_utils.uuid7().hex


def derived_id(*parts: str) -> str:
    """32 hex digits that depend on the parts alone: the same command repeated names the same thing."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
