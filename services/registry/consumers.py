"""Events in: what publisher did on the platform goes into the ledger.

Publisher knows accounts only from registry, so an event of an unknown one is wrong, and waiting will not mend it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from contracts.publisher import AccountConnected, AccountConnectionFailed, MassSendSent
from kit.subscriptions import Malformed, Subscription
from kit.transaction import Tx
from services.registry.commands.note_activity import NoteActivity, note_activity
from services.registry.commands.note_connection import NoteConnection, note_connection
from services.registry.dependencies import Dependencies
from services.registry.domain.accounts import AccountUnknown, Connection, ConnectionFailure


def subscriptions(deps: Dependencies) -> tuple[Subscription, ...]:
    """What registry listens to."""
    registers = deps.registers

    async def on_account_connected(tx: Tx, event: AccountConnected) -> None:
        outcome = Connection(event.app_id, event.connected_at, event.menu_digest, event.menu)
        with _known_account():
            await note_connection(tx, NoteConnection(event.account_id, outcome), ledger=registers.ledger)

    async def on_account_connection_failed(tx: Tx, event: AccountConnectionFailed) -> None:
        outcome = ConnectionFailure(event.step, event.code, event.detail, tx.now)
        with _known_account():
            await note_connection(tx, NoteConnection(event.account_id, outcome), ledger=registers.ledger)

    async def on_mass_send_sent(tx: Tx, event: MassSendSent) -> None:
        titles = tuple(article.title for article in event.articles)
        command = NoteActivity(event.account_id, event.mass_send_id, titles, event.sent_at)
        with _known_account():
            await note_activity(
                tx, command, ledger=registers.ledger, findings=registers.findings, rules=registers.rules
            )

    return (
        Subscription(
            "PUBLISHER",
            "account",
            {AccountConnected: on_account_connected, AccountConnectionFailed: on_account_connection_failed},
        ),
        Subscription("PUBLISHER", "mass_send", {MassSendSent: on_mass_send_sent}),
    )


@contextlib.contextmanager
def _known_account() -> Iterator[None]:
    try:
        yield
    except AccountUnknown as error:
        raise Malformed(f"the ledger has no account {error}") from error
