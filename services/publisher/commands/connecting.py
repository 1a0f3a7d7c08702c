"""A step that the commands about a connection share: both halves of it are there."""

from __future__ import annotations

from contracts.publisher import AccountConnected
from kit.transaction import Tx
from services.publisher.domain.account import OfficialAccount


def announce_connected(tx: Tx, account: OfficialAccount) -> None:
    """Tell that the account is in service, with the menu that was found."""
    assert account.credentials is not None
    assert account.connected_at is not None
    tx.emit(
        AccountConnected(
            account_id=account.account_id,
            app_id=account.credentials.app_id,
            menu_digest=account.menu_digest,
            menu=account.menu,
            connected_at=account.connected_at,
        )
    )
