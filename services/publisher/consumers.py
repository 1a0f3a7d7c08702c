"""Events in."""

from __future__ import annotations

from contracts.envelope import Event
from contracts.registry import CredentialsEntrusted, OfficialAccountRegistered
from contracts.review import CaseDecided, CaseVoided, PermitGranted, PermitVoided
from kit.subscriptions import Handler, Subscription
from kit.transaction import Tx
from services.publisher.commands.entrust_credentials import EntrustCredentials, entrust_credentials
from services.publisher.commands.note_review import (
    NotePermit,
    note_case_voided,
    note_permit,
    note_verdict,
    void_permit,
)
from services.publisher.commands.register_account import RegisterAccount, register_account
from services.publisher.dependencies import Dependencies
from services.publisher.processes.ordering import current_trace


def subscriptions(deps: Dependencies) -> tuple[Subscription, ...]:
    """What publisher listens to."""
    return (_official_accounts(deps), _cases(deps), _permits(deps))


def _official_accounts(deps: Dependencies) -> Subscription:
    async def on_official_account_registered(tx: Tx, event: OfficialAccountRegistered) -> None:
        await register_account(tx, RegisterAccount(event), records=deps.records)

    async def on_credentials_entrusted(tx: Tx, event: CredentialsEntrusted) -> None:
        await entrust_credentials(tx, EntrustCredentials(event), records=deps.records, vault=deps.vault)

    handlers: dict[type[Event], Handler] = {
        OfficialAccountRegistered: on_official_account_registered,
        CredentialsEntrusted: on_credentials_entrusted,
    }
    return Subscription("REGISTRY", "official_account", handlers)


def _cases(deps: Dependencies) -> Subscription:
    async def on_case_decided(tx: Tx, event: CaseDecided) -> None:
        await note_verdict(tx, event, records=deps.records)

    async def on_case_voided(tx: Tx, event: CaseVoided) -> None:
        await note_case_voided(tx, event, records=deps.records)

    return Subscription("REVIEW", "case", {CaseDecided: on_case_decided, CaseVoided: on_case_voided})


def _permits(deps: Dependencies) -> Subscription:
    async def on_permit_granted(tx: Tx, event: PermitGranted) -> None:
        # The order continues the trace of the click that approved, so its context is kept with the permit.
        await note_permit(tx, NotePermit(event, current_trace()), records=deps.records)

    async def on_permit_voided(tx: Tx, event: PermitVoided) -> None:
        await void_permit(tx, event, records=deps.records)

    return Subscription("REVIEW", "permit", {PermitGranted: on_permit_granted, PermitVoided: on_permit_voided})
