"""Passwords by argon2id (RFC 9106), on threads of their own so that the event loop goes on."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Passwords:
    """`workers` computations at a time, each taking `memory_kib`; further ones wait their turn."""

    def __init__(self, *, memory_kib: int, passes: int, workers: int) -> None:
        self._hasher = PasswordHasher(memory_cost=memory_kib, time_cost=passes, parallelism=1, type=Type.ID)
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="argon2")
        # What unknown logins are compared with: nobody has this password, but comparing takes as long.
        self._nobodys = self._hasher.hash(secrets.token_urlsafe(24))

    async def hashed(self, password: str) -> str:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hasher.hash, _composed(password))

    async def matches(self, password: str, password_hash: str | None) -> bool:
        loop = asyncio.get_running_loop()
        against = password_hash or self._nobodys
        fits = await loop.run_in_executor(self._threads, self._verify, against, _composed(password))
        return fits and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    async def close(self) -> None:
        """Let the computations under way finish."""
        await asyncio.to_thread(self._threads.shutdown)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def _composed(password: str) -> str:
    """One form for what looks the same on every keyboard (NFKC)."""
    return unicodedata.normalize("NFKC", password)
