"""An account stands in the ledger: from now on it can be taken into service."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.registry import OfficialAccountRegistered
from kit.transaction import Tx
from services.publisher.domain.account import OfficialAccount
from services.publisher.ports import Records


@dataclass(frozen=True)
class RegisterAccount:
    account: OfficialAccountRegistered


async def register_account(tx: Tx, command: RegisterAccount, *, records: Records) -> None:
    """Keep what the ledger says; what is known of the connection stays."""
    said = command.account
    known = await records.accounts.get(tx, said.account_id)
    account = known or OfficialAccount(
        account_id=said.account_id,
        name=said.name,
        unit_path=said.unit_path,
        kind=said.kind,
        verified=said.verified,
        is_group_account=said.is_group_account,
        original_id=said.original_id,
        registered_at=said.registered_at,
    )
    account.name, account.unit_path, account.kind = said.name, said.unit_path, said.kind
    account.verified, account.is_group_account = said.verified, said.is_group_account
    account.original_id = said.original_id
    await records.accounts.save(tx, account)
