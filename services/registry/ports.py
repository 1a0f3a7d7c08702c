"""What registry's use cases need from outside, in registry's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from kit.transaction import Tx
from services.registry.domain.accounts import OfficialAccount
from services.registry.domain.filings import Filing, Matter
from services.registry.domain.findings import Finding
from services.registry.domain.opening import OpeningApplication
from services.registry.domain.operating import OperatingProcess
from services.registry.domain.people import Person
from services.registry.domain.rules import RuleBook
from services.registry.domain.units import Unit
from services.registry.domain.words import Stamp


class Units(Protocol):
    """The organisation tree."""

    async def at(self, tx: Tx, path: str) -> Unit | None: ...

    async def add(self, tx: Tx, unit: Unit) -> None:
        """Raises PathTaken."""
        ...


class People(Protocol):
    """Who may sign in."""

    async def load(self, tx: Tx, person_id: str) -> Person:
        """Raises NotFound."""
        ...

    async def named(self, tx: Tx, person_ids: Sequence[str]) -> Mapping[str, Person]:
        """Those of them who exist, by id."""
        ...

    async def is_empty(self, tx: Tx) -> bool: ...

    async def add(self, tx: Tx, person: Person) -> None:
        """Raises LoginTaken."""
        ...

    async def save(self, tx: Tx, person: Person) -> None:
        """Raises StaleVersion."""
        ...


class OpeningApplications(Protocol):
    """Opening applications (§4.2)."""

    async def load(self, tx: Tx, application_id: str) -> OpeningApplication:
        """Raises NotFound."""
        ...

    async def add(self, tx: Tx, application: OpeningApplication) -> None: ...

    async def save(self, tx: Tx, application: OpeningApplication) -> None:
        """Raises StaleVersion."""
        ...


class Ledger(Protocol):
    """The official accounts of the group."""

    async def load(self, tx: Tx, account_id: str) -> OfficialAccount:
        """Raises NotFound."""
        ...

    async def find(self, tx: Tx, account_id: str) -> OfficialAccount | None: ...

    async def add(self, tx: Tx, account: OfficialAccount) -> None:
        """Raises OriginalIdTaken."""
        ...

    async def save(self, tx: Tx, account: OfficialAccount) -> None:
        """Raises StaleVersion, AppIdTaken."""
        ...


class SealedBoxes(Protocol):
    """Sealed credentials, apart from the ledger: the newest of an account replaces the one before."""

    async def put(self, tx: Tx, account_id: str, *, key_id: str, sealed: str) -> None: ...


class Filings(Protocol):
    """The register of filings; the only place where numbers come from."""

    async def file(self, tx: Tx, matter: Matter, stamp: Stamp) -> Filing:
        """Give the matter the next number of its year."""
        ...


class OperatingProcesses(Protocol):
    """Filed processes, every version of them."""

    async def last_version(self, tx: Tx, unit_path: str) -> int:
        """0 if the unit has filed none."""
        ...

    async def add(self, tx: Tx, process: OperatingProcess) -> None:
        """Raises StaleVersion: another one of that version was filed meanwhile."""
        ...


class Findings(Protocol):
    """What is not as the rules want it."""

    async def add(self, tx: Tx, finding: Finding) -> None: ...

    async def open_of(self, tx: Tx, account_id: str, rule: str) -> Finding | None:
        """The open finding of that rule about that account."""
        ...

    async def save(self, tx: Tx, finding: Finding) -> None:
        """Raises StaleVersion."""
        ...


class Rules(Protocol):
    """The house rules."""

    async def in_force(self, tx: Tx) -> RuleBook:
        """Those that hold at the time of the transaction."""
        ...


class Sessions(Protocol):
    """Who is signed in, by the digest of the token: what ends before the token does."""

    async def open(self, tx: Tx, digest: str, person_id: str, expires_at: datetime) -> None: ...

    async def close(self, tx: Tx, digest: str) -> None: ...

    async def close_all_of(self, tx: Tx, person_id: str, *, but: str | None = None) -> None:
        """End the person's sessions, except the one with the digest `but`."""
        ...


@dataclass(frozen=True)
class Attempts:
    """How often something was tried in the window that ends at `until`."""

    count: int
    until: datetime


class Throttle(Protocol):
    """Counts attempts, across replicas and restarts. An attempt is counted before it is looked at."""

    async def count(self, key: str, now: datetime, window: timedelta) -> Attempts: ...

    async def forgive(self, key: str) -> None:
        """Forget the attempts: this one was good."""
        ...

    async def take_back(self, key: str) -> None:
        """Forget one attempt."""
        ...


class Passwords(Protocol):
    """Makes and checks password hashes, off the event loop."""

    async def hashed(self, password: str) -> str: ...

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """False also for None, after the same time as for a wrong password."""
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """True if it was made with other parameters than today's."""
        ...


@dataclass(frozen=True)
class SealedBox:
    """A libsodium sealed box (base64), and the id of the key that it is sealed to."""

    key_id: str
    sealed: str


class Seals(Protocol):
    """Seals for publisher; what is sealed cannot be opened here."""

    async def seal(self, content: bytes) -> SealedBox:
        """Raises SealKeyMissing."""
        ...


class Fingerprints(Protocol):
    """Digests of requests that hold secrets: keyed, so that a stored one cannot be tried against guesses."""

    def of(self, *parts: str) -> str: ...
