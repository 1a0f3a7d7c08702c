"""Events in."""

from __future__ import annotations

from contracts.envelope import Event
from contracts.micro_community import ChatMessageWritten, FollowerNoticeWritten
from contracts.registry import CredentialsEntrusted, OfficialAccountRegistered
from contracts.review import CaseDecided, CaseVoided, PermitGranted, PermitVoided
from kit.subscriptions import Handler, Subscription
from kit.transaction import Tx
from services.publisher.commands.entrust_credentials import EntrustCredentials, entrust_credentials
from services.publisher.commands.note_case_voided import NoteCaseVoided, note_case_voided
from services.publisher.commands.note_permit import NotePermit, note_permit
from services.publisher.commands.note_verdict import NoteVerdict, note_verdict
from services.publisher.commands.queue_follower_message import QueueFollowerMessage, queue_follower_message
from services.publisher.commands.register_account import RegisterAccount, register_account
from services.publisher.commands.void_permit import VoidPermit, void_permit
from services.publisher.dependencies import Dependencies
from services.publisher.processes.ordering import current_trace


def subscriptions(deps: Dependencies) -> tuple[Subscription, ...]:
    """What publisher listens to."""
    return (_official_accounts(deps), _cases(deps), _permits(deps), _chats(deps), _follower_notices(deps))


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
        await note_verdict(tx, NoteVerdict(event), records=deps.records)

    async def on_case_voided(tx: Tx, event: CaseVoided) -> None:
        await note_case_voided(tx, NoteCaseVoided(event), records=deps.records)

    return Subscription("REVIEW", "case", {CaseDecided: on_case_decided, CaseVoided: on_case_voided})


def _permits(deps: Dependencies) -> Subscription:
    async def on_permit_granted(tx: Tx, event: PermitGranted) -> None:
        # The order continues the trace of the click that approved, so its context is kept with the permit.
        await note_permit(tx, NotePermit(event, current_trace()), records=deps.records)

    async def on_permit_voided(tx: Tx, event: PermitVoided) -> None:
        await void_permit(tx, VoidPermit(event), records=deps.records)

    return Subscription("REVIEW", "permit", {PermitGranted: on_permit_granted, PermitVoided: on_permit_voided})


def _chats(deps: Dependencies) -> Subscription:
    async def on_chat_message_written(tx: Tx, event: ChatMessageWritten) -> None:
        command = QueueFollowerMessage(
            event.message_id,
            event.account_id,
            event.openid,
            "customer_message",
            text=event.text,
            trace=current_trace() or "",
        )
        await queue_follower_message(tx, command, messages=deps.records.follower_messages)

    return Subscription("MICRO_COMMUNITY", "chat", {ChatMessageWritten: on_chat_message_written})


def _follower_notices(deps: Dependencies) -> Subscription:
    async def on_follower_notice_written(tx: Tx, event: FollowerNoticeWritten) -> None:
        command = QueueFollowerMessage(
            event.notice_id,
            event.account_id,
            event.openid,
            event.notice_channel,
            template_id=event.template_id,
            page_url=event.page_url,
            fields=event.fields,
            trace=current_trace() or "",
        )
        await queue_follower_message(tx, command, messages=deps.records.follower_messages)

    return Subscription("MICRO_COMMUNITY", "follower_notice", {FollowerNoticeWritten: on_follower_notice_written})
