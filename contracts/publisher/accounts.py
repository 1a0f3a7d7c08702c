"""Accounts in service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contracts.envelope import Event


class AccountConnected(Event, subject="publisher.account.connected.v1", key="account_id"):
    """Publisher took the account into service: token, callback handshake and menu baseline all held."""

    account_id: str
    app_id: str
    menu_digest: str | None
    """Digest of the live menu; None: the account has none."""
    menu: dict[str, Any] | None
    connected_at: datetime


class AccountConnectionFailed(Event, subject="publisher.account.connection_failed.v1", key="account_id"):
    """The account could not be taken into service. `step`: `unseal`, `token`, `callback` or `menu`."""

    account_id: str
    step: str
    code: str
    """Ours, or `wechat.<errcode>`."""
    detail: str
