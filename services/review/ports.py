"""What review's commands need from outside, in review's words. Everything happens in the transaction handed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.permit import PermitClaims
from kit.transaction import Tx
from services.review.domain.audit import Entry
from services.review.domain.case import Case
from services.review.domain.people import People, Person
from services.review.domain.permit import Permit
from services.review.domain.routing import Process


class Cases(Protocol):
    """The cases, and the exact payload of each."""

    async def add(self, tx: Tx, case: Case, payload: str) -> None:
        """Store a new case with its payload, which is never written again."""
        ...

    async def load(self, tx: Tx, case_id: str) -> Case:
        """Raises NotFound."""
        ...

    async def payload(self, tx: Tx, case_id: str) -> str:
        """The payload as text. Raises NotFound."""
        ...

    async def standing(self, tx: Tx, subject_id: str) -> Case | None:
        """The one case of the subject that an edit or a withdrawal would void."""
        ...

    async def unroutable_of(self, tx: Tx, unit_path: str) -> list[Case]:
        """The unit's cases without a route, the oldest first."""
        ...

    async def pending_with(self, tx: Tx, person_id: str) -> list[Case]:
        """Open cases in which the person may decide now or later."""
        ...

    async def save(self, tx: Tx, case: Case) -> None:
        """Save over the version that was read. Raises StaleVersion."""
        ...


class Permits(Protocol):
    """Permits; a case has one at most."""

    async def add(self, tx: Tx, permit: Permit) -> None: ...

    async def load(self, tx: Tx, permit_id: str) -> Permit:
        """Raises NotFound."""
        ...

    async def save(self, tx: Tx, permit: Permit) -> None:
        """Save over the version that was read. Raises StaleVersion."""
        ...


class Processes(Protocol):
    """The process on file of each unit."""

    async def hold(self, tx: Tx, unit_path: str) -> Process | None:
        """The unit's process, None without one; whoever files another at the same time has to try again."""
        ...

    async def naming(self, tx: Tx, person_id: str, path: str) -> list[Process]:
        """The processes that name the person, of the unit at the path and of all below it."""
        ...

    async def put(self, tx: Tx, process: Process) -> None: ...


class Staff(Protocol):
    """The persons that registry told of."""

    async def hold(self, tx: Tx, person_ids: Iterable[str]) -> People:
        """Those of the persons who are known; whoever changes their roles at the same time has to try again."""
        ...

    async def put(self, tx: Tx, person: Person) -> None: ...


class AuditTrail(Protocol):
    """The chain of what was done."""

    async def append(self, tx: Tx, entries: Sequence[Entry]) -> None: ...


class Seal(Protocol):
    """Signs permits with review's key."""

    def sign(self, claims: PermitClaims) -> str: ...


@dataclass(frozen=True)
class Records:
    """All that review keeps."""

    cases: Cases
    permits: Permits
    processes: Processes
    staff: Staff
    trail: AuditTrail
