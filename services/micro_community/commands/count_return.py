"""Somebody came by what was shared."""

from __future__ import annotations

from kit.transaction import Tx
from services.micro_community.ports import Visits


async def count_return(tx: Tx, account_id: str, *, visits: Visits) -> None:
    await visits.count(tx, account_id, "returns")
