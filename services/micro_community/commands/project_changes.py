"""Counters, notices and what open pages are told, from the events that documents carried."""

from __future__ import annotations

import json
from typing import Any

from contracts import micro_community
from contracts.envelope import Event
from kit.carriers import Harvested
from kit.transaction import Tx
from services.micro_community.domain.consequences import consequences_of
from services.micro_community.domain.consequences.model import Told
from services.micro_community.ports import Projections


async def project_changes(tx: Tx, harvested: Harvested, *, projections: Projections) -> list[str]:
    """Apply what follows. Answers the communities whose open pages have something to read."""
    rows = [(carrier.document, row) for carrier in harvested for row in carrier.document["unsent"]]
    consequences = consequences_of((document, _event(row)) for document, row in rows)
    consequences.told = [_told(document, row) for document, row in rows]
    await projections.apply(tx, consequences)
    for carrier in harvested:
        floor = consequences.floors.get(carrier.document["_id"])
        if floor is not None:
            carrier.change["floor"] = floor
    return sorted(consequences.account_ids)


def _told(document: dict[str, Any], row: dict[str, Any]) -> Told:
    return Told(row["_id"], document["account_id"], row["type"], row["body"], row["at"])


def _event(row: dict[str, Any]) -> Event:
    data = json.loads(row["body"])["data"]
    return MODELS[row["type"]].model_validate(data)


MODELS: dict[str, type[Event]] = {
    model.subject: model
    for model in vars(micro_community).values()
    if isinstance(model, type) and issubclass(model, Event) and model.subject
}
