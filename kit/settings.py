"""Settings from the environment: every knob typed, unknown names refused, secrets never shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "GUANWEI_"


class UnknownSetting(ValueError):
    """A `GUANWEI_…` name in the environment that no setting has: a typing error that would go unnoticed."""


class ServiceSettings(BaseSettings):
    """What every service needs. A service adds its own by subclassing."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True)

    service: str
    mongodb_url: SecretStr
    mongodb_database: str = ""
    """Empty: the service's name."""
    nats_url: str
    nats_user: str = ""
    nats_password: SecretStr = SecretStr("")
    public_url: str = "http://127.0.0.1:8600"
    """Where browsers and WeChat reach the edge, without a trailing slash."""
    signing_key_file: Path
    """PEM of the service's Ed25519 private key."""
    transaction_seconds: float = Field(default=8.0, gt=0)
    max_body_bytes: int = Field(default=2_000_000, gt=0)
    delivery_workers: int = Field(default=8, ge=1, le=64)
    drain_seconds: float = Field(default=15.0, gt=0)
    trace_ratio: float = Field(default=1.0, ge=0, le=1)
    log_level: str = "INFO"

    @property
    def database_name(self) -> str:
        return self.mongodb_database or self.service


S = TypeVar("S", bound=ServiceSettings)


def load(kind: type[S], environment: Mapping[str, str] | None = None) -> S:
    """Read settings of a kind.

    Raises:
        UnknownSetting: a `GUANWEI_…` name is not a setting of the service.
        pydantic.ValidationError: one is missing or malformed; the message does not repeat values.
    """
    names = os.environ if environment is None else environment
    known = {PREFIX + name.upper() for name in kind.model_fields}
    unknown = sorted(name for name in names if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise UnknownSetting(f"unknown settings {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    if environment is None:
        return kind()
    values = {name.removeprefix(PREFIX).lower(): value for name, value in names.items() if name in known}
    return kind(**values)  # type: ignore[arg-type]
