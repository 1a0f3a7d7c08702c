"""What the edges are handed."""

from __future__ import annotations

from dataclasses import dataclass

from kit.auth import Tokens
from kit.keys import SigningKey
from kit.mongo import Database
from kit.transaction import Store
from services.registry.ports import (
    Filings,
    Findings,
    Fingerprints,
    Ledger,
    OpeningApplications,
    OperatingProcesses,
    Passwords,
    People,
    Rules,
    SealedBoxes,
    Seals,
    Sessions,
    Throttle,
    Units,
)
from services.registry.settings import RegistrySettings


@dataclass(frozen=True)
class Registers:
    """Everything that is kept."""

    units: Units
    people: People
    sessions: Sessions
    applications: OpeningApplications
    ledger: Ledger
    boxes: SealedBoxes
    filings: Filings
    processes: OperatingProcesses
    findings: Findings
    rules: Rules


@dataclass(frozen=True)
class Dependencies:
    """Registry, put together."""

    settings: RegistrySettings
    store: Store
    registers: Registers
    tokens: Tokens
    signing_key: SigningKey
    passwords: Passwords
    throttle: Throttle
    seals: Seals
    fingerprints: Fingerprints

    @property
    def database(self) -> Database:
        """For reads."""
        return self.store.database
