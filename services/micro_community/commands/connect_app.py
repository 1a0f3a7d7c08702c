"""An account's credentials are in custody: its followers can sign in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit.refusal import NotFound
from kit.transaction import Tx
from services.micro_community.ports import Communities


@dataclass(frozen=True)
class ConnectApp:
    account_id: str
    app_id: str


async def connect_app(tx: Tx, command: ConnectApp, *, communities: Communities) -> None:
    """The account's credentials are in custody: followers can sign in with WeChat.

    Raises:
        NotFound
    """
    present = await communities.in_transaction(tx, command.account_id)
    if present is None:
        raise NotFound
    await communities.put(tx, replace(present, app_id=command.app_id))
