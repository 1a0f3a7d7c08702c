"""A custodian entrusted credentials: they are kept sealed, and the connection is made anew with them."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.registry import CredentialsEntrusted
from kit.transaction import Tx
from services.publisher.domain.account import SealedCredentials
from services.publisher.ports import CredentialsUnreadable, Records, Vault


class AccountUnknown(Exception):
    """Credentials came for an account that never was registered: a fault of the sender."""


@dataclass(frozen=True)
class EntrustCredentials:
    entrusted: CredentialsEntrusted


async def entrust_credentials(tx: Tx, command: EntrustCredentials, *, records: Records, vault: Vault) -> None:
    """Take the newest credentials, and keep the ones before for callbacks that are still sealed to those."""
    said = command.entrusted
    account = await records.accounts.get(tx, said.account_id)
    if account is None:
        raise AccountUnknown(said.account_id)
    before = account.credentials
    number = before.number + 1 if before else 1
    sealed = SealedCredentials(number, said.app_id, said.key_id, said.sealed, tx.now)
    account.entrust(sealed, same_callback=before is not None and _same_callback(before, sealed, vault))
    await records.accounts.save(tx, account)


def _same_callback(before: SealedCredentials, after: SealedCredentials, vault: Vault) -> bool:
    """True when token and key are unchanged: WeChat will not repeat the handshake for them."""
    try:
        old, new = vault.open_credentials(before), vault.open_credentials(after)
    except CredentialsUnreadable:
        return False
    return (old.token, old.encoding_aes_key) == (new.token, new.encoding_aes_key)
