"""The custodian hands over an account's credentials (§6.2). They arrive here sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.registry import CredentialsEntrusted
from kit.transaction import Tx
from services.registry.domain.authority import CUSTODY, Actor, admit
from services.registry.domain.words import Stamp
from services.registry.ports import Ledger, SealedBox, SealedBoxes


@dataclass(frozen=True)
class EntrustCredentials:
    actor: Actor
    account_id: str
    app_id: str
    box: SealedBox


async def entrust_credentials(
    tx: Tx, command: EntrustCredentials, *, ledger: Ledger, boxes: SealedBoxes
) -> dict[str, Any]:
    """Keep the sealed box, and tell publisher.

    Raises:
        NotFound, Forbidden, AppIdTaken
    """
    account = await ledger.load(tx, command.account_id)
    admit(command.actor, *CUSTODY, path=account.details.unit_path)
    stamp = Stamp(command.actor.subject, tx.now)
    account.entrust(command.app_id, command.box.key_id, stamp)
    await ledger.save(tx, account)
    await boxes.put(tx, account.account_id, key_id=command.box.key_id, sealed=command.box.sealed)
    tx.emit(
        CredentialsEntrusted(
            account_id=account.account_id,
            app_id=command.app_id,
            key_id=command.box.key_id,
            sealed=command.box.sealed,
            entrusted_by=stamp.by,
        )
    )
    return {
        "account_id": account.account_id,
        "app_id": command.app_id,
        "key_id": command.box.key_id,
        "entrusted_at": tx.now.isoformat(),
    }
