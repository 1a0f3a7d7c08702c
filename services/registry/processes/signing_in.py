"""Sign-in: count the attempt, compare the password off the event loop, then open the session."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from kit.auth import Grant, Principal
from kit.ids import derived_id
from kit.transaction import Tx
from services.registry.commands.open_session import OpenSession, open_session
from services.registry.dependencies import Dependencies
from services.registry.domain.people import PasswordWrong
from services.registry.domain.sessions import SessionEnded, locked_out
from services.registry.queries import people as people_queries
from services.registry.schemas.responses import PersonView, SessionView

ISSUER = "registry"
log = structlog.get_logger("sign_in")


@dataclass(frozen=True)
class SignIn:
    """`address` is where the request came from, as far as the edge can tell."""

    login: str
    address: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """A session and its token, which is shown only now."""

    expires_at: datetime
    person: PersonView
    token: str = field(repr=False)


async def sign_in(deps: Dependencies, attempt: SignIn) -> Opened:
    """Sign in.

    Raises:
        TooManyAttempts: the password was not even looked at.
        PasswordWrong: also for logins that do not exist, after the same time.
    """
    login = attempt.login.strip().lower()
    attempts = Attempting(deps, login, attempt.address)
    await attempts.begin()
    found = await people_queries.find_login(deps.database, login)
    person_id, seen = found or ("", None)
    if not await deps.passwords.matches(attempt.password, seen) or seen is None:
        log.info("sign_in_refused", person_id=person_id or None, address=attempt.address)
        raise PasswordWrong
    renewed = await deps.passwords.hashed(attempt.password) if deps.passwords.is_outdated(seen) else seen
    opened = await _open(deps, person_id, seen, renewed)
    await attempts.succeed()
    return opened


@dataclass(frozen=True)
class Attempting:
    """Attempts at one secret from one address. Each is counted before it is made, so that many at once do not help."""

    deps: Dependencies
    secret_of: str
    address: str

    async def begin(self) -> None:
        """Raise TooManyAttempts when the window's tries are used up."""
        settings, now = self.deps.settings, self.deps.store.clock.now()
        window = timedelta(minutes=settings.sign_in_window_minutes)
        limits = ((self._both, settings.sign_in_tries), (self._address, settings.sign_in_tries_per_address))
        for key, most in limits:
            attempts = await self.deps.throttle.count(key, now, window)
            if attempts.count > most:
                log.warning("attempts_locked_out", address=self.address, until=attempts.until.isoformat())
                raise locked_out(attempts.until, now)

    async def succeed(self) -> None:
        """It was good: forget the failures before it, and this one at the address."""
        await self.deps.throttle.forgive(self._both)
        await self.deps.throttle.take_back(self._address)

    @property
    def _both(self) -> str:
        # Derived, for people type passwords where logins belong.
        return derived_id("attempt", self.secret_of, self.address)

    @property
    def _address(self) -> str:
        return derived_id("attempts from", self.address)


def digest_of_token(token: str) -> str:
    """What a session is kept under: the token itself is not stored."""
    return hashlib.sha256(token.encode()).hexdigest()


async def show_session(deps: Dependencies, token: str) -> SessionView:
    """The session of a genuine token, with the person as they are now.

    Raises:
        SessionEnded
    """
    found = await people_queries.find_session(deps.database, digest_of_token(token))
    if found is None:
        raise SessionEnded
    person, session = found
    return SessionView(expires_at=session["expires_at"], person=person)


async def sign_out(deps: Dependencies, token: str) -> None:
    """End the session of the token, if it has one."""

    async def work(tx: Tx) -> None:
        await deps.registers.sessions.close(tx, digest_of_token(token))

    await deps.store.transact(work)


async def _open(deps: Dependencies, person_id: str, seen: str, renewed: str) -> Opened:
    person = await people_queries.show_self(deps.database, person_id)
    grants = tuple(Grant(held.role, held.path) for held in person.roles)
    principal = Principal(person_id, "person", person.display_name, grants)
    lasts = timedelta(hours=deps.settings.token_hours)
    token, expires_at = deps.tokens.issue(deps.signing_key, ISSUER, principal, lasts=lasts)
    command = OpenSession(person_id, digest_of_token(token), expires_at, seen_hash=seen, password_hash=renewed)

    async def work(tx: Tx) -> None:
        await open_session(tx, command, people=deps.registers.people, sessions=deps.registers.sessions)

    await deps.store.transact(work)
    return Opened(expires_at, person, token)
