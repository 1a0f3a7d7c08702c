"""Messages to single followers: claim, call, record, each message on its own and several at once."""

from __future__ import annotations

import asyncio

import structlog
from opentelemetry import propagate, trace

from kit.transaction import Tx
from services.publisher.commands.claim_follower_message import ClaimFollowerMessage, claim_follower_message
from services.publisher.commands.settle_follower_message import SettleFollowerMessage, settle_follower_message
from services.publisher.commands.settling import Outcome
from services.publisher.dependencies import Dependencies
from services.publisher.domain.account import AccountNotConnected
from services.publisher.domain.follower_message import FollowerMessage, MessageState
from services.publisher.ports import CredentialsUnreadable, PlatformRefused, PlatformSilent, PlatformUnreachable

log = structlog.get_logger("telling")
tracer = trace.get_tracer("publisher.telling")
MOST_AT_ONCE = 8
UNSAID = -1
"""“System busy”: the platform does not say whether it did it."""


async def tell_followers(deps: Dependencies) -> None:
    """Send what is due, until nothing is."""
    while due := await deps.records.follower_messages.due(deps.clock.now(), MOST_AT_ONCE):
        await asyncio.gather(*(_tell(deps, message) for message in due))


async def _tell(deps: Dependencies, due: FollowerMessage) -> None:
    context = propagate.extract({"traceparent": due.trace} if due.trace else {})
    with tracer.start_as_current_span(f"tell follower {due.kind}", context=context):
        messages = deps.records.follower_messages

        async def claim(tx: Tx) -> FollowerMessage | None:
            return await claim_follower_message(tx, ClaimFollowerMessage(due.message_id), messages=messages)

        message = await deps.store.transact(claim)
        if message is None:
            return
        outcome = await _send(deps, message)
        log.info("follower_message", message_id=message.message_id, state=outcome.state, code=outcome.code)

        async def settle(tx: Tx) -> None:
            await settle_follower_message(tx, SettleFollowerMessage(message.message_id, outcome), messages=messages)

        await deps.store.transact(settle)


async def _send(deps: Dependencies, message: FollowerMessage) -> Outcome:
    try:
        await deps.wechat.tell(message.account_id, message)
    except PlatformRefused as refused:
        code = f"wechat.{refused.code}"
        detail = deps.wechat.refusal_of_message(refused.code)
        if refused.code == UNSAID:
            return Outcome(MessageState.UNKNOWN, code)
        return Outcome(MessageState.REFUSED, code, detail, temporary=refused.temporary)
    except PlatformSilent:
        return Outcome(MessageState.UNKNOWN)
    except (AccountNotConnected, PlatformUnreachable) as refusal:
        return Outcome(MessageState.REFUSED, refusal.code, refusal.shown, temporary=True)
    except CredentialsUnreadable:
        return Outcome(MessageState.REFUSED, AccountNotConnected.code, AccountNotConnected.text, temporary=True)
    return Outcome(MessageState.SENT)
