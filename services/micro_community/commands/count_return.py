"""Somebody came by what was shared."""

from __future__ import annotations

from kit.transaction import Tx
from services.micro_community.ports import Visits

MOST_PER_MINUTE = 120
"""From one network address, which many may share: guests come too."""


async def count_return(tx: Tx, account_id: str, *, visits: Visits) -> None:
    await visits.count(tx, account_id, "returns")
