"""The ledger of points: a line once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict

from kit.transaction import Tx
from services.micro_community.domain.consequences import Points


async def enter(tx: Tx, points: list[Points]) -> dict[tuple[str, str], int]:
    """Enter the lines that are not there yet: a like given again after it was withdrawn is worth nothing more. What
    was entered, by member and account, for the balances."""
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    lines = {line.line_id: line for line in points}
    if not lines:
        return sums
    ledger = tx.collection("points")
    present = ledger.find({"_id": {"$in": list(lines)}}, {"_id": 1}, session=tx.session)
    for row in [row async for row in present]:
        del lines[row["_id"]]
    for line in lines.values():
        sums[line.member_id, line.account_id] += line.amount
    if lines:
        await ledger.insert_many([{"_id": key, **asdict(line)} for key, line in lines.items()], session=tx.session)
    return sums
