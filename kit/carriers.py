"""Documents that carry events (`kit.embedded`), from their being read to their events being taken out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pymongo import UpdateMany

from kit.mongo import Document
from kit.transaction import Tx

CLEARED: Document = {"$unset": ["unsent", "unsent_at"]}


@dataclass
class Carrier:
    """A document with rows in `unsent`. `change`: fields that the projection sets in it while they are taken out."""

    collection: str
    document: Document
    change: Document = field(default_factory=dict)


Harvested: TypeAlias = Sequence[Carrier]
"""Oldest first."""


class Changed(Exception):
    """A document was written to, or harvested by another, since it was read: it is read again."""


async def clear(tx: Tx, collection: str, carriers: Harvested) -> None:
    """Take the events out, with whatever else changes in the same documents: one write for all that change alike.

    Raises:
        Changed: some are not as they were read.
    """
    alike: defaultdict[tuple[int, tuple[str, ...]], list[Carrier]] = defaultdict(list)
    for carrier in carriers:
        alike[carrier.document["aggver"], tuple(carrier.change)].append(carrier)
    writes: list[UpdateMany] = []
    for (version, names), group in alike.items():
        ids = [carrier.document["_id"] for carrier in group]
        own = {name: _each([carrier.change[name] for carrier in group], ids) for name in names}
        as_read = {"_id": {"$in": ids}, "aggver": version, "unsent_at": {"$exists": True}}
        writes.append(UpdateMany(as_read, [{"$set": own}, CLEARED] if own else [CLEARED]))
    done = await tx.collection(collection).bulk_write(writes, ordered=False, session=tx.session)
    if done.matched_count < len(carriers):
        raise Changed


def _each(values: list[Any], ids: list[Any]) -> Document:
    """Of every document its own value."""
    return {"$arrayElemAt": [{"$literal": values}, {"$indexOfArray": [{"$literal": ids}, "$_id"]}]}
