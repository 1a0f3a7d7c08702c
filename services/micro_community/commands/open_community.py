"""An account was registered: its followers get a place of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit.transaction import Tx
from services.micro_community.domain.community import Community
from services.micro_community.ports import Communities


@dataclass(frozen=True)
class OpenCommunity:
    account_id: str
    name: str
    unit_path: str
    original_id: str


async def open_community(tx: Tx, command: OpenCommunity, *, communities: Communities) -> None:
    """One per account; a second registration only brings what it says up to date."""
    present = await communities.in_transaction(tx, command.account_id)
    if present is None:
        present = Community(command.account_id, command.name, command.unit_path)
    await communities.put(
        tx, replace(present, name=command.name, unit_path=command.unit_path, original_id=command.original_id)
    )
