"""One step of an order at a time: claim in a transaction, call the platform, record in another."""

from __future__ import annotations

from datetime import timedelta

import structlog

from services.publisher.commands.begin_asking import BeginAsking, begin_asking
from services.publisher.commands.begin_preparing import BeginPreparing, begin_preparing
from services.publisher.commands.begin_reconciling import BeginReconciling, begin_reconciling
from services.publisher.commands.begin_sending import BeginSending, begin_sending
from services.publisher.commands.carrying_out import Claim
from services.publisher.commands.give_up_waiting import GiveUpWaiting, give_up_waiting
from services.publisher.commands.leave_to_people import LeaveToPeople, leave_to_people
from services.publisher.commands.note_acceptance import NoteAcceptance, note_acceptance
from services.publisher.commands.note_job_state import NoteJobState, note_job_state
from services.publisher.commands.note_refusal import NoteRefusal, note_refusal
from services.publisher.commands.note_silence import NoteSilence, note_silence
from services.publisher.commands.postpone_mass_send import PostponeMassSend, postpone_mass_send
from services.publisher.commands.record_draft import RecordDraft, record_draft
from services.publisher.dependencies import Dependencies
from services.publisher.domain.account import AccountNotConnected
from services.publisher.domain.mass_send import MassSend
from services.publisher.ports import Accepted, CredentialsUnreadable, PlatformRefused, PlatformSilent, SendCall
from services.publisher.processes.drafting import PictureLost, draft_order, forget_covers
from services.publisher.processes.ordering import leeway_of

UNKNOWN_MEDIA = 40007
SAYS_NOTHING = frozenset({-1, 45066})
"""Answers to the call that leave open whether it sent: trouble inside, or the same `clientmsgid` a moment ago."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
MINUTE = timedelta(seconds=61)

log = structlog.get_logger("carrying_out")


async def prepare(deps: Dependencies, mass_send_id: str) -> None:
    """READY → PREPARED, or back to READY for a while, or REFUSED."""
    lease = timedelta(seconds=deps.settings.order_lease_seconds)
    begin = BeginPreparing(mass_send_id, lease)
    claim = await deps.store.transact(lambda tx: begin_preparing(tx, begin, records=deps.records))
    if claim is None:
        return
    try:
        media_id = await draft_order(deps, claim.order)
    except PlatformSilent as silent:
        await _postpone(deps, claim, _pause(claim.order), f"平台没有响应（{silent}），稍后重试")
    except PlatformRefused as refused:
        await _draft_refused(deps, claim, refused)
    except (AccountNotConnected, CredentialsUnreadable):
        await _refuse(deps, claim, AccountNotConnected.code, AccountNotConnected.text)
    except PictureLost as lost:
        await _refuse(deps, claim, "publisher.picture_unknown", str(lost))
    else:
        record = RecordDraft(mass_send_id, claim.fence, media_id)
        await deps.store.transact(lambda tx: record_draft(tx, record, records=deps.records))


async def send(deps: Dependencies, mass_send_id: str) -> None:
    """PREPARED → SENDING, committed with a majority, then the one call, then what it answered."""
    lease = timedelta(seconds=deps.settings.sending_lease_seconds)
    begin = BeginSending(mass_send_id, lease, leeway_of(deps))
    claim = await deps.store.transact(lambda tx: begin_sending(tx, begin, records=deps.records))
    if claim is None:
        return
    try:
        accepted = await _call(deps, claim.order)
    except PlatformSilent as silent:
        await _silent(deps, claim, str(silent))
    except PlatformRefused as refused:
        if refused.code in SAYS_NOTHING:
            await _silent(deps, claim, str(refused))
        elif refused.temporary:
            await _postpone(deps, claim, MINUTE, f"平台限流（{refused.code}），稍后重试")
        else:
            await _refuse(deps, claim, f"wechat.{refused.code}", refused.text)
    except (AccountNotConnected, CredentialsUnreadable):
        await _refuse(deps, claim, AccountNotConnected.code, AccountNotConnected.text)
    else:
        await _accepted(deps, mass_send_id, accepted)


async def give_up(deps: Dependencies, mass_send_id: str) -> None:
    """SENDING → UNKNOWN: whoever made the call is not heard of any more."""
    command = GiveUpWaiting(mass_send_id, timedelta(seconds=deps.settings.reconcile_after_seconds))
    await deps.store.transact(lambda tx: give_up_waiting(tx, command, records=deps.records))


async def reconcile(deps: Dependencies, mass_send_id: str) -> None:
    """UNKNOWN: repeat the same `clientmsgid`. The platform sends, or says that it had before; it never sends twice.

    A refusal tells of the repetition only, not of the call before, which may have used up the draft or the quota.
    """
    settings = deps.settings
    begin = BeginReconciling(
        mass_send_id,
        timedelta(seconds=settings.sending_lease_seconds),
        leeway_of(deps),
        timedelta(seconds=settings.reconcile_for_seconds),
    )
    claim = await deps.store.transact(lambda tx: begin_reconciling(tx, begin, records=deps.records))
    if claim is None:
        return
    try:
        accepted = await _call(deps, claim.order)
    except PlatformSilent as silent:
        await _silent(deps, claim, str(silent))
    except PlatformRefused as refused:
        if refused.temporary:
            await _silent(deps, claim, str(refused))
        else:
            leave = LeaveToPeople(mass_send_id, claim.fence, f"wechat.{refused.code}", refused.text)
            await deps.store.transact(lambda tx: leave_to_people(tx, leave, records=deps.records))
    except (AccountNotConnected, CredentialsUnreadable) as error:
        await _silent(deps, claim, type(error).__name__)
    else:
        await _accepted(deps, mass_send_id, accepted)


async def ask(deps: Dependencies, mass_send_id: str) -> None:
    """ACCEPTED, and no callback: ask how the job stands."""
    begin = BeginAsking(mass_send_id, timedelta(seconds=deps.settings.poll_after_seconds))
    order = await deps.store.transact(lambda tx: begin_asking(tx, begin, records=deps.records))
    if order is None or order.msg_id is None:
        return
    try:
        state = await deps.wechat.mass_send_state(order.account_id, order.msg_id)
    except (PlatformSilent, PlatformRefused, AccountNotConnected, CredentialsUnreadable) as error:
        log.warning("mass_send_not_asked", mass_send_id=mass_send_id, error=str(error))
        return
    answer = NoteJobState(mass_send_id, state)
    await deps.store.transact(lambda tx: note_job_state(tx, answer, records=deps.records, calendar=deps.calendar))


async def _call(deps: Dependencies, order: MassSend) -> Accepted:
    assert order.media_id is not None
    payload = order.payload
    call = SendCall(order.media_id, payload["tag_id"], order.client_msg_id, payload["send_ignore_reprint"])
    return await deps.wechat.send_to_all(order.account_id, call)


async def _draft_refused(deps: Dependencies, claim: Claim, refused: PlatformRefused) -> None:
    if refused.temporary:
        await _postpone(deps, claim, MINUTE, f"平台限流（{refused.code}），稍后重试")
    elif refused.code == UNKNOWN_MEDIA and claim.order.attempts == 0:
        await forget_covers(deps, claim.order)
        await _postpone(deps, claim, timedelta(0), "封面素材已失效，重新上传")
    else:
        await _refuse(deps, claim, f"wechat.{refused.code}", refused.text)


async def _postpone(deps: Dependencies, claim: Claim, pause: timedelta, note: str) -> None:
    until = deps.clock.now() + pause
    command = PostponeMassSend(claim.order.mass_send_id, claim.fence, until, note)
    await deps.store.transact(lambda tx: postpone_mass_send(tx, command, records=deps.records))


async def _silent(deps: Dependencies, claim: Claim, detail: str) -> None:
    again = timedelta(seconds=deps.settings.reconcile_after_seconds)
    command = NoteSilence(claim.order.mass_send_id, claim.fence, detail, again)
    await deps.store.transact(lambda tx: note_silence(tx, command, records=deps.records))


async def _refuse(deps: Dependencies, claim: Claim, code: str, detail: str) -> None:
    command = NoteRefusal(claim.order.mass_send_id, claim.fence, code, detail)
    await deps.store.transact(lambda tx: note_refusal(tx, command, records=deps.records))


async def _accepted(deps: Dependencies, mass_send_id: str, accepted: Accepted) -> None:
    ask_after = timedelta(seconds=deps.settings.poll_after_seconds)
    command = NoteAcceptance(mass_send_id, accepted, ask_after)
    await deps.store.transact(lambda tx: note_acceptance(tx, command, records=deps.records, calendar=deps.calendar))


def _pause(order: MassSend) -> timedelta:
    return min(FIRST_PAUSE * int(2 ** min(order.attempts, 10)), LONGEST_PAUSE)
