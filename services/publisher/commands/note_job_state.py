"""The platform was asked where a job stands, and answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kit.transaction import Tx
from services.publisher.commands.concluding import conclude
from services.publisher.domain.mass_send import JobResult
from services.publisher.ports import Records, WorkingCalendar

ENDED: Mapping[str, str] = MappingProxyType(
    {"SEND_SUCCESS": "send success", "DELETE": "send success", "SEND_FAIL": "send fail"}
)
FAILED = "微信平台报告群发失败，没有说明原因。"
"""What the platform answers, in the words of its callback. What was deleted had been sent before."""


@dataclass(frozen=True)
class NoteJobState:
    """`state`: the platform's word for where the job stands."""

    mass_send_id: str
    state: str


async def note_job_state(tx: Tx, command: NoteJobState, *, records: Records, calendar: WorkingCalendar) -> None:
    """The order ends, if the job did; a callback that comes later completes the receipt."""
    order = await records.mass_sends.get(tx, command.mass_send_id)
    if order is None or command.state not in ENDED:
        return
    result = JobResult(ENDED[command.state], None, (), by_callback=False, text=FAILED)
    await conclude(tx, order, result, records=records, calendar=calendar)
