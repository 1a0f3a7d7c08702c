"""The ledger of points: a line once, and the balance with it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict

from pymongo import UpdateOne

from kit.transaction import Tx
from services.micro_community.domain.consequences import Points


async def enter(tx: Tx, points: list[Points]) -> None:
    """Enter the lines that are not there yet: a like given again after it was withdrawn is worth nothing more."""
    lines = {line.line_id: line for line in points}
    if not lines:
        return
    ledger = tx.collection("points")
    present = ledger.find({"_id": {"$in": list(lines)}}, {"_id": 1}, session=tx.session)
    for row in [row async for row in present]:
        del lines[row["_id"]]
    if not lines:
        return
    await ledger.insert_many([{"_id": key, **asdict(line)} for key, line in lines.items()], session=tx.session)
    sums: defaultdict[str, int] = defaultdict(int)
    for line in lines.values():
        sums[line.member_id] += line.amount
    balances = [UpdateOne({"_id": key}, {"$inc": {"counts.points": amount}}) for key, amount in sums.items()]
    await tx.collection("members").bulk_write(balances, ordered=False, session=tx.session)
