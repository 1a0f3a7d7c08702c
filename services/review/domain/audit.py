"""The audit chain: every act on a case, each entry bound to the one before by its hash.

A changed, removed, added or exchanged entry breaks the chain from there on; a shortened one does not reach the head.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contracts.permit import canonical
from services.review.domain.case import Case

FIRST_LINK = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One act. `actor_id` None: no person, but a fact from another service. Details: strings and integers only."""

    kind: str
    at: datetime
    case_id: str
    subject_id: str
    account_id: str
    unit_path: str
    digest: str
    actor_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, Any]:
        """As it is stored and hashed."""
        return vars(self) | {"at": self.at.isoformat(timespec="milliseconds"), "details": dict(self.details)}


def entry_of(case: Case, kind: str, at: datetime, *, actor_id: str | None = None, **details: Any) -> Entry:
    """An act on the case."""
    about = case.submission
    return Entry(
        kind=kind,
        at=at,
        case_id=case.case_id,
        subject_id=about.subject_id,
        account_id=about.account_id,
        unit_path=about.unit_path,
        digest=about.digest,
        actor_id=actor_id,
        details=details,
    )


def link(sequence: int, previous: str, entry: Mapping[str, Any]) -> str:
    """The hash of an entry at its place: SHA-256 of the canonical JSON of sequence, previous hash and entry."""
    return hashlib.sha256(canonical({"sequence": sequence, "previous": previous, "entry": entry})).hexdigest()
