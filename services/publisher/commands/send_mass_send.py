"""Send an order: the call is written down before it is made, and what it answered afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from contracts.publisher import MassSendOutcomeUnknown
from kit.transaction import Tx
from services.publisher.commands.finish_mass_send import conclude
from services.publisher.commands.prepare_mass_send import Claim
from services.publisher.commands.stop_order import refuse_order
from services.publisher.domain import mass_send
from services.publisher.domain.issue import State
from services.publisher.domain.mass_send import MassSend, Work
from services.publisher.domain.permit import PermitRefusal, PermitStale, PermitState, PermitVoided, require_window
from services.publisher.ports import Accepted, Records, WorkingCalendar


@dataclass(frozen=True)
class BeginSending:
    mass_send_id: str
    lease: timedelta
    leeway: timedelta


@dataclass(frozen=True)
class BeginReconciling:
    """`longest`: how long the platform remembers a `clientmsgid`."""

    mass_send_id: str
    lease: timedelta
    leeway: timedelta
    longest: timedelta


@dataclass(frozen=True)
class GiveUpWaiting:
    """`again`: from the call to its repetition."""

    mass_send_id: str
    again: timedelta


@dataclass(frozen=True)
class NoteSilence:
    mass_send_id: str
    fence: int
    detail: str
    again: timedelta


@dataclass(frozen=True)
class NoteAccepted:
    mass_send_id: str
    accepted: Accepted
    ask_after: timedelta


@dataclass(frozen=True)
class NoteRefused:
    mass_send_id: str
    fence: int
    code: str
    detail: str


async def begin_sending(tx: Tx, command: BeginSending, *, records: Records) -> Claim | None:
    """Claim the order for the call, if review's word still holds; else refuse it. None: there is no call to make."""
    order = await records.mass_sends.get(tx, command.mass_send_id)
    if order is None or order.work(tx.now) is not Work.SEND:
        return None
    try:
        await _require_approved(tx, order, records)
        fence = order.begin_sending(tx.now, command.lease, command.leeway)
    except PermitRefusal as refusal:
        await refuse_order(tx, order, refusal.code, refusal.shown, records=records)
        return None
    await records.mass_sends.save(tx, order)
    return Claim(order, fence)


async def give_up_waiting(tx: Tx, command: GiveUpWaiting, *, records: Records) -> None:
    """The worker that made the call is gone: what came of it is unknown, never assumed."""
    order = await records.mass_sends.get(tx, command.mass_send_id)
    if order is None or order.work(tx.now) is not Work.GIVE_UP_WAITING:
        return
    order.given_up_waiting(tx.now, command.again)
    await records.mass_sends.save(tx, order)
    tx.emit(_unknown(order))


async def begin_reconciling(tx: Tx, command: BeginReconciling, *, records: Records) -> Claim | None:
    """Claim the order to repeat its call. If the first one never arrived, the repetition is what sends, so review's
    word has to hold for it too; where it does not, or the platform may have forgotten, people decide.
    """
    order = await records.mass_sends.get(tx, command.mass_send_id)
    if order is None or order.work(tx.now) is not Work.RECONCILE:
        return None
    assert order.sending_at is not None
    try:
        await _require_approved(tx, order, records)
        require_window(order.window.not_before, order.window.not_after, tx.now, command.leeway)
    except PermitRefusal as refusal:
        order.left_to_people(refusal.shown, tx.now)
        await records.mass_sends.save(tx, order)
        return None
    if tx.now - order.sending_at > command.longest:
        order.left_to_people("超过平台去重时限", tx.now)
        await records.mass_sends.save(tx, order)
        return None
    fence = order.begin_reconciling(tx.now, command.lease)
    await records.mass_sends.save(tx, order)
    return Claim(order, fence)


async def note_silence(tx: Tx, command: NoteSilence, *, records: Records) -> None:
    """Raises LostClaim."""
    order = await _get(tx, command.mass_send_id, records)
    known_unknown = order.state is mass_send.State.UNKNOWN
    order.silent(command.fence, command.detail, tx.now, command.again)
    await records.mass_sends.save(tx, order)
    if not known_unknown:
        tx.emit(_unknown(order))


async def note_accepted(tx: Tx, command: NoteAccepted, *, records: Records, calendar: WorkingCalendar) -> None:
    """The platform has the job. If its callback was faster than we, the order ends here and now."""
    order = await _get(tx, command.mass_send_id, records)
    accepted = command.accepted
    if not order.accepted(accepted.msg_id, accepted.msg_data_id, tx.now, command.ask_after):
        return
    result = await records.results.accepted(tx, order.account_id, accepted.msg_id, order.mass_send_id)
    if result is not None:
        await conclude(tx, order, result, records=records, calendar=calendar)
        return
    await records.mass_sends.save(tx, order)


async def note_refused(tx: Tx, command: NoteRefused, *, records: Records) -> None:
    """The platform, or a check of ours, said no. Raises LostClaim."""
    order = await _get(tx, command.mass_send_id, records)
    order.require_claim(command.fence)
    await refuse_order(tx, order, command.code, command.detail, records=records)


async def note_undecidable(tx: Tx, command: NoteRefused, *, records: Records) -> None:
    """The repetition was refused for a reason that the first call may have made true. Raises LostClaim."""
    order = await _get(tx, command.mass_send_id, records)
    order.require_claim(command.fence)
    order.left_to_people(f"{command.code} {command.detail}", tx.now)
    await records.mass_sends.save(tx, order)


async def _require_approved(tx: Tx, order: MassSend, records: Records) -> None:
    """Whoever voids an approval writes the order as well, so what is read here cannot change unnoticed."""
    permit = await records.permits.get(tx, order.window.permit_id)
    if permit is None or permit.code is not None or permit.state is not PermitState.USED:
        raise PermitVoided
    issue = await records.issues.get(tx, order.issue_id)
    if issue is None or issue.state is not State.ORDERED or issue.mass_send_id != order.mass_send_id:
        raise PermitVoided
    if issue.digest != order.digest:
        raise PermitStale


async def _get(tx: Tx, mass_send_id: str, records: Records) -> MassSend:
    order = await records.mass_sends.get(tx, mass_send_id)
    assert order is not None
    return order


def _unknown(order: MassSend) -> MassSendOutcomeUnknown:
    return MassSendOutcomeUnknown(
        mass_send_id=order.mass_send_id,
        issue_id=order.issue_id,
        account_id=order.account_id,
        detail=order.detail or "",
    )
