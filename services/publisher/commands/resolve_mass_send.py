"""A person looked on the platform's console and says what became of an order that could not be resolved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kit.refusal import NotFound, Refusal
from kit.transaction import Tx
from services.publisher.commands.note_acceptance import NoteAcceptance, note_acceptance
from services.publisher.commands.stopping import refuse_order
from services.publisher.domain.mass_send import State
from services.publisher.ports import Accepted, Records, WorkingCalendar

NOT_SENT = "publisher.resolved_not_sent"


class MassSendNotManual(Refusal):
    """Only what the platform did not resolve is for people."""

    code = "publisher.mass_send_not_manual"
    text = "该群发不处于需人工核实的状态。"


@dataclass(frozen=True)
class ResolveMassSend:
    """`msg_id`: the number of the job on the platform; None: it was not sent."""

    mass_send_id: str
    msg_id: int | None
    msg_data_id: int | None
    note: str
    ask_after: timedelta


async def resolve_mass_send(tx: Tx, command: ResolveMassSend, *, records: Records, calendar: WorkingCalendar) -> str:
    """Accepted, and asked about like any other; or refused."""
    order = await records.mass_sends.get(tx, command.mass_send_id)
    if order is None:
        raise NotFound
    if order.state is not State.MANUAL:
        raise MassSendNotManual(state=order.state)
    if command.msg_id is not None:
        accepted = Accepted(command.msg_id, command.msg_data_id, repeated=True)
        note = NoteAcceptance(order.mass_send_id, accepted, command.ask_after)
        await note_acceptance(tx, note, records=records, calendar=calendar)
        return order.mass_send_id
    await refuse_order(tx, order, NOT_SENT, command.note, records=records)
    return order.mass_send_id
