"""What the edges are handed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kit.transaction import Store
from services.review.ports import Records, Seal


@dataclass(frozen=True)
class Dependencies:
    """Review, put together."""

    store: Store
    records: Records
    seal: Seal
    permit_lasts: timedelta
