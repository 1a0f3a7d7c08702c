"""The knobs of registry."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from kit.settings import ServiceSettings


class RegistrySettings(ServiceSettings):
    """What registry needs beyond what every service does."""

    bootstrap_password_file: Path | None = None
    """First line: the password of the first administrator, used only while nobody is registered."""
    token_hours: float = Field(default=8.0, gt=0, le=24)
    sign_in_tries: int = Field(default=5, ge=1, le=100)
    """Failed attempts per login and address within the window, before further ones are not even looked at."""
    sign_in_tries_per_address: int = Field(default=200, ge=1)
    """The same for all logins together: an office behind one address shares it."""
    sign_in_window_minutes: float = Field(default=15.0, gt=0)
    password_memory_kib: int = Field(default=47_104, ge=19_456)
    """Memory of one argon2id computation (RFC 9106); the floor is what OWASP calls the least."""
    password_passes: int = Field(default=2, ge=1)
    password_workers: int = Field(default=2, ge=1, le=16)
    """Computations at a time: each takes a core and `password_memory_kib`."""
    dormancy_check_seconds: float = Field(default=3600.0, gt=0)

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")
