"""Tokens and tickets: one for all processes, fetched by one at a time, kept sealed.

A token that every process fetches for itself is a token that the others lose (platform reference §3.2). So there is one
document per account and purpose; whoever finds it missing, old or refused claims its next generation, and everybody
else waits for that.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from contracts.registry import WeChatCredentials
from kit.clock import Clock
from services.publisher.adapters.wechat.client import Call, Client
from services.publisher.domain.account import AccountNotConnected
from services.publisher.ports import Accounts, PlatformSilent, SharedSecret, SharedSecrets, Vault

MARGIN = timedelta(seconds=60)
"""A token with less life than this is replaced; the platform hands out none with less than five minutes."""
CLAIM_SECONDS = 30.0
PATIENCE_SECONDS = 40.0
PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class InUse:
    """An account's newest credentials, opened."""

    account_id: str
    number: int
    credentials: WeChatCredentials = field(repr=False)


@dataclass(frozen=True)
class Held:
    """A token or ticket, opened."""

    text: str = field(repr=False)
    generation: int = 0


@dataclass(frozen=True)
class Issued:
    """What the platform gave, and for how long."""

    text: str = field(repr=False)
    seconds: int = 0


Fetch = Callable[[], Awaitable[Issued]]


@dataclass(frozen=True)
class CredentialsInUse:
    """Opens the newest credentials of an account."""

    accounts: Accounts
    vault: Vault

    async def of(self, account_id: str) -> InUse:
        """Raises AccountNotConnected, or CredentialsUnreadable."""
        account = await self.accounts.read(account_id)
        if account is None or account.credentials is None:
            raise AccountNotConnected
        sealed = account.credentials
        return InUse(account_id, sealed.number, self.vault.open_credentials(sealed))


@dataclass(frozen=True)
class Shared:
    """Hands out what all processes share. `locks` keep the tasks of this one from asking the database in chorus."""

    secrets: SharedSecrets
    vault: Vault
    clock: Clock
    locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def get(self, name: str, number: int, fetch: Fetch, *, newer_than: int = 0) -> Held:
        """The secret of that name for credentials `number`, of a generation after `newer_than`.

        Raises:
            PlatformRefused, PlatformSilent: it had to be fetched, and could not be.
        """
        async with self.locks[name]:
            until = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < until:
                known = await self.secrets.read(name)
                if known is not None and self._serves(known, number, newer_than):
                    return Held(self.vault.open(known.sealed), known.generation)
                generation = known.generation if known else 0
                if await self.secrets.claim(name, generation, CLAIM_SECONDS):
                    return await self._fetch(name, number, generation + 1, fetch)
                await asyncio.sleep(PAUSE_SECONDS)
        raise PlatformSilent("another process is fetching it and does not come to an end")

    async def generation(self, name: str) -> int:
        known = await self.secrets.read(name)
        return known.generation if known else 0

    def _serves(self, known: SharedSecret, number: int, newer_than: int) -> bool:
        fresh = known.expires_at > self.clock.now() + MARGIN
        return fresh and known.credentials == number and known.generation > newer_than

    async def _fetch(self, name: str, number: int, generation: int, fetch: Fetch) -> Held:
        try:
            issued = await fetch()
        except BaseException:
            await asyncio.shield(self.secrets.give_up(name))
            raise
        expires_at = self.clock.now() + timedelta(seconds=issued.seconds)
        secret = SharedSecret(self.vault.seal(issued.text), generation, number, expires_at)
        await self.secrets.put(name, secret)
        return Held(issued.text, generation)


@dataclass(frozen=True)
class AccessTokens:
    """Access tokens by `stable_token`, which other users of the account's secret do not invalidate."""

    client: Client
    shared: Shared

    async def get(self, in_use: InUse) -> Held:
        """The token in use."""
        return await self.shared.get(_name(in_use), in_use.number, lambda: self._fetch(in_use, None))

    async def replace(self, in_use: InUse, refused: Held) -> Held:
        """A token instead of one that the platform refused; only one caller of many fetches it."""
        fetch = lambda: self._fetch(in_use, refused)  # noqa: E731
        return await self.shared.get(_name(in_use), in_use.number, fetch, newer_than=refused.generation)

    async def verify(self, in_use: InUse) -> Held:
        """Fetch one now: proof that these credentials are good."""
        known = await self.shared.generation(_name(in_use))
        return await self.shared.get(_name(in_use), in_use.number, lambda: self._fetch(in_use, None), newer_than=known)

    async def _fetch(self, in_use: InUse, refused: Held | None) -> Issued:
        issued = await self._ask(in_use, force=False)
        if refused is not None and issued.text == refused.text:
            # The platform still takes it for the current one; forcing is limited, so it comes second.
            issued = await self._ask(in_use, force=True)
        return issued

    async def _ask(self, in_use: InUse, *, force: bool) -> Issued:
        credentials = in_use.credentials
        body = {
            "grant_type": "client_credential",
            "appid": credentials.app_id,
            "secret": credentials.app_secret,
            "force_refresh": force,
        }
        answer = await self.client.call(credentials.app_id, Call("stable_token", body), None)
        try:
            return Issued(str(answer["access_token"]), int(answer["expires_in"]))
        except (KeyError, TypeError, ValueError):
            raise PlatformSilent("the answer holds no token") from None


def _name(in_use: InUse) -> str:
    return f"{in_use.account_id}|access_token"
