"""A mass-send order: one permit, one send, whatever happens in between.

READY → PREPARING → PREPARED → SENDING → ACCEPTED → SENT is the good way. REFUSED ends it before or after the call.
A call without an answer leads to UNKNOWN, which only the platform resolves: the same `clientmsgid` is asked for again,
and the platform says whether it knows it. What cannot be resolved so is for people: MANUAL.

`due_at` is when somebody has to look at the order again. Claiming it moves `due_at` to the end of the lease, so an
order that is found due in PREPARING or SENDING was left by a worker that died or lost its time. `fence` counts the
claims: what a worker found out counts only while its fence is the newest, except that the platform accepted: that is
a fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from contracts.publisher import Receipt
from kit.ids import derived_id
from services.publisher.domain.permit import require_window

LONGEST_POLL = timedelta(hours=1)


class State(StrEnum):
    """Where an order stands."""

    READY = "ready"
    PREPARING = "preparing"
    PREPARED = "prepared"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    MANUAL = "manual"


NEXT: Mapping[State, frozenset[State]] = {
    State.READY: frozenset({State.PREPARING, State.REFUSED}),
    State.PREPARING: frozenset({State.PREPARED, State.READY, State.PREPARING, State.REFUSED}),
    State.PREPARED: frozenset({State.SENDING, State.REFUSED}),
    State.SENDING: frozenset({State.ACCEPTED, State.UNKNOWN, State.PREPARED, State.REFUSED}),
    State.UNKNOWN: frozenset({State.ACCEPTED, State.UNKNOWN, State.REFUSED, State.MANUAL}),
    State.MANUAL: frozenset({State.ACCEPTED, State.REFUSED}),
    State.ACCEPTED: frozenset({State.SENT, State.REFUSED}),
    State.SENT: frozenset(),
    State.REFUSED: frozenset(),
}
NOT_BEGUN = frozenset({State.READY, State.PREPARING, State.PREPARED})
WORKABLE = frozenset({*NOT_BEGUN, State.SENDING, State.UNKNOWN, State.ACCEPTED})


class Work(StrEnum):
    """What a due order needs."""

    PREPARE = "prepare"
    SEND = "send"
    GIVE_UP_WAITING = "give_up_waiting"
    RECONCILE = "reconcile"
    ASK = "ask"


WORK: Mapping[State, Work] = {
    State.READY: Work.PREPARE,
    State.PREPARING: Work.PREPARE,
    State.PREPARED: Work.SEND,
    State.SENDING: Work.GIVE_UP_WAITING,
    State.UNKNOWN: Work.RECONCILE,
    State.ACCEPTED: Work.ASK,
}


class ImpossibleStep(Exception):
    """A bug: the order cannot go there from where it is."""


class LostClaim(Exception):
    """Somebody else has claimed the order since; what was found out is void."""


@dataclass(frozen=True)
class Step:
    """A line of the order's timeline."""

    at: datetime
    state: State
    note: str


@dataclass(frozen=True)
class Window:
    """When the permit holds, and which permit it is."""

    permit_id: str
    case_id: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class JobResult:
    """How the platform says the job ended. `status` is its own word, `text` what that means in Chinese, where it is
    bad; `urls` by article index from 1.
    """

    status: str
    receipt: Receipt | None
    urls: tuple[str, ...]
    by_callback: bool
    text: str = ""

    @property
    def succeeded(self) -> bool:
        return self.status == "send success"

    @property
    def code(self) -> str:
        """`wechat.err(20002)`: the platform's word, which is no `errcode` and must not look like one."""
        return f"wechat.{self.status.replace(' ', '_')}"


@dataclass
class MassSend:
    """An order. `trace` is the W3C traceparent of the span that brought the permit."""

    mass_send_id: str
    issue_id: str
    account_id: str
    unit_path: str
    payload: dict[str, Any]
    digest: str
    window: Window
    mandate_id: str | None
    client_msg_id: str
    ordered_at: datetime
    send_at: datetime
    """Not before this instant."""
    due_at: datetime | None
    state: State = State.READY
    trace: str | None = None
    fence: int = 0
    attempts: int = 0
    media_id: str | None = None
    sending_at: datetime | None = None
    accepted_at: datetime | None = None
    msg_id: int | None = None
    msg_data_id: int | None = None
    result: JobResult | None = None
    sent_at: datetime | None = None
    code: str | None = None
    detail: str | None = None
    timeline: list[Step] = field(default_factory=list)
    version: int = 0

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(article["title"] for article in self.payload["articles"])

    def work(self, now: datetime) -> Work | None:
        """What is to be done now, if anything."""
        return WORK.get(self.state) if self.due_at is not None and self.due_at <= now else None

    def require_claim(self, fence: int) -> None:
        if self.fence != fence:
            raise LostClaim(f"{self.mass_send_id}: {fence} is not {self.fence}")

    def begin_preparing(self, now: datetime, lease: timedelta) -> int:
        """Claim it to upload and draft. What a worker before left half done is done again: it reached nobody."""
        self._move(State.PREPARING, now, "上传图片、生成草稿")
        return self._claim(now, lease)

    def postpone(self, fence: int, until: datetime, note: str, now: datetime) -> None:
        """The platform is not there, or asks to come back later."""
        self.require_claim(fence)
        self.attempts += 1
        back = State.READY if self.state is State.PREPARING else State.PREPARED
        self._move(back, now, note)
        self.due_at = until

    def prepared(self, fence: int, media_id: str, now: datetime) -> None:
        self.require_claim(fence)
        self._move(State.PREPARED, now, "草稿已就绪")
        self.media_id, self.attempts, self.due_at = media_id, 0, max(now, self.send_at)

    def begin_sending(self, now: datetime, lease: timedelta, leeway: timedelta) -> int:
        """Write down that the call is about to be made. From here on its outcome is unknown until it is known.

        Raises:
            PermitExpired, PermitNotYetValid
        """
        require_window(self.window.not_before, self.window.not_after, now, leeway)
        self._move(State.SENDING, now, "提交群发")
        self.sending_at = now
        return self._claim(now, lease)

    def silent(self, fence: int, detail: str, now: datetime, again: timedelta) -> None:
        """The call ended without an answer: whether the platform sent is not known."""
        self.require_claim(fence)
        self._move(State.UNKNOWN, now, f"结果未知：{detail}")
        self.detail, self.due_at = detail, now + again

    def given_up_waiting(self, now: datetime, again: timedelta) -> None:
        """A worker began the call and was not heard of since."""
        assert self.sending_at is not None
        self._move(State.UNKNOWN, now, "结果未知：提交后没有回音")
        self.fence += 1
        self.detail = "the worker that made the call was not heard of again"
        self.due_at = max(now, self.sending_at + again)

    def begin_reconciling(self, now: datetime, lease: timedelta) -> int:
        """Claim it to repeat the same `clientmsgid`."""
        self.attempts += 1
        self._move(State.UNKNOWN, now, "以同一 clientmsgid 核对结果")
        return self._claim(now, lease)

    def accepted(self, msg_id: int, msg_data_id: int | None, now: datetime, ask_after: timedelta) -> bool:
        """The platform has it. False: that was known. Needs no claim, for it is true whoever says it."""
        if self.msg_id == msg_id:
            return False
        self._move(State.ACCEPTED, now, f"平台已受理，msg_id {msg_id}")
        self.msg_id, self.msg_data_id, self.accepted_at = msg_id, msg_data_id, now
        self.attempts, self.detail, self.due_at = 0, None, now + ask_after
        return True

    def begin_asking(self, now: datetime, after: timedelta) -> None:
        """Count a question about the job; the next one comes after twice the time."""
        self.attempts += 1
        self.due_at = now + min(after * 2**self.attempts, LONGEST_POLL)

    def finished(self, result: JobResult, now: datetime) -> None:
        """The job ended. A callback that comes after the answer to a question only completes the receipt."""
        if self.state is State.SENT:
            if result.by_callback and self.result is not None and not self.result.by_callback:
                self.result = result
            return
        if self.state is State.REFUSED:
            return
        if result.succeeded:
            self._move(State.SENT, now, "群发完成")
            self.sent_at = now
        else:
            self._refuse(result.code, result.text or result.status, now)
        self.result, self.due_at = result, None

    def refused(self, code: str, detail: str, now: datetime) -> None:
        """It will not be sent. Asked for before the call, or answered by the platform."""
        self._refuse(code, detail, now)

    def left_to_people(self, reason: str, now: datetime) -> None:
        """Repeating might send what must not be sent any more, so somebody has to look."""
        self._move(State.MANUAL, now, f"需人工核实：{reason}")
        self.detail, self.due_at = reason, None

    def _refuse(self, code: str, detail: str, now: datetime) -> None:
        self._move(State.REFUSED, now, f"未群发：{code}")
        self.code, self.detail, self.due_at = code, detail, None
        self.fence += 1

    def _claim(self, now: datetime, lease: timedelta) -> int:
        self.fence += 1
        self.due_at = now + lease
        return self.fence

    def _move(self, state: State, now: datetime, note: str) -> None:
        if state not in NEXT[self.state]:
            raise ImpossibleStep(f"{self.mass_send_id}: {self.state} → {state}")
        self.state = state
        self.timeline.append(Step(now, state, note))


def mass_send_id_of(permit_id: str) -> str:
    """One permit, one order, by its very id."""
    return derived_id("mass_send", permit_id)
