"""An order's way: one send whatever happens, and UNKNOWN until the platform has spoken."""

from __future__ import annotations

import contextlib
import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.publisher.domain.mass_send import (
    NEXT,
    NOT_BEGUN,
    ImpossibleStep,
    LostClaim,
    MassSend,
    State,
    Work,
)
from services.publisher.domain.permit import PermitExpired, PermitNotYetValid
from tests.unit.publisher.shapes import HOUR, MINUTE, NOW, order, result


def sending(found: MassSend | None = None) -> tuple[MassSend, int]:
    """An order whose call is under way, and the fence of who makes it."""
    found = found or order()
    found.prepared(found.begin_preparing(NOW, MINUTE), "media", NOW)
    return found, found.begin_sending(NOW, MINUTE, timedelta(0))


def unknown() -> MassSend:
    found, fence = sending()
    found.silent(fence, "time-out", NOW, MINUTE)
    return found


def test_the_good_way() -> None:
    found, _ = sending()
    assert found.accepted(7, 8, NOW, MINUTE)
    found.finished(result(), NOW + MINUTE)
    assert [step.state for step in found.timeline] == [
        State.PREPARING,
        State.PREPARED,
        State.SENDING,
        State.ACCEPTED,
        State.SENT,
    ]
    assert (found.msg_id, found.sent_at, found.due_at) == (7, NOW + MINUTE, None)


def test_who_lost_the_claim_changes_nothing_but_a_fact_is_taken_from_anybody() -> None:
    found, fence = sending()
    found.given_up_waiting(NOW + MINUTE, MINUTE)
    with pytest.raises(LostClaim):
        found.silent(fence, "late", NOW + MINUTE, MINUTE)
    assert found.accepted(7, 8, NOW + MINUTE, MINUTE)
    assert found.state is State.ACCEPTED
    assert not found.accepted(7, 8, NOW + MINUTE, MINUTE)


def test_what_was_begun_is_never_begun_again() -> None:
    found = unknown()
    with pytest.raises(ImpossibleStep):
        found.begin_sending(NOW, MINUTE, timedelta(0))
    with pytest.raises(ImpossibleStep):
        found.begin_preparing(NOW, MINUTE)
    assert found.state is State.UNKNOWN
    assert found.due_at == NOW + MINUTE


def test_a_worker_that_died_before_the_call_left_nothing_behind() -> None:
    found = order()
    first = found.begin_preparing(NOW, MINUTE)
    assert found.work(NOW) is None
    assert found.work(NOW + MINUTE) is Work.PREPARE
    second = found.begin_preparing(NOW + MINUTE, MINUTE)
    with pytest.raises(LostClaim):
        found.prepared(first, "media of the dead", NOW + MINUTE)
    found.prepared(second, "media", NOW + MINUTE)
    assert found.media_id == "media"


def test_a_worker_that_died_in_the_call_leaves_an_unknown_outcome() -> None:
    found, _ = sending()
    assert found.work(NOW + MINUTE - timedelta(milliseconds=1)) is None
    assert found.work(NOW + MINUTE) is Work.GIVE_UP_WAITING
    found.given_up_waiting(NOW + MINUTE, timedelta(seconds=65))
    assert (found.state, found.due_at) == (State.UNKNOWN, NOW + timedelta(seconds=65))


def test_the_repetition_waits_as_long_as_the_platform_wants() -> None:
    found = unknown()
    assert found.work(NOW + MINUTE - timedelta(milliseconds=1)) is None
    assert found.work(NOW + MINUTE) is Work.RECONCILE


@pytest.mark.parametrize(
    ("now", "refusal"), [(NOW + HOUR, PermitExpired), (NOW - timedelta(seconds=31), PermitNotYetValid)]
)
def test_the_call_is_begun_only_within_the_permit(now: datetime, refusal: type[Exception]) -> None:
    found = order()
    found.prepared(found.begin_preparing(NOW, MINUTE), "media", NOW)
    with pytest.raises(refusal):
        found.begin_sending(now, MINUTE, timedelta(seconds=30))
    assert found.state is State.PREPARED


def test_a_failed_job_is_refused_with_the_platforms_word_and_a_text() -> None:
    found, _ = sending()
    found.accepted(7, 8, NOW, MINUTE)
    found.finished(result("err(20002)", text="涉嫌色情（err(20002)）"), NOW)
    assert (found.state, found.code, found.detail) == (State.REFUSED, "wechat.err(20002)", "涉嫌色情（err(20002)）")


def test_a_callback_after_the_answer_to_a_question_completes_the_receipt_only() -> None:
    found, _ = sending()
    found.accepted(7, 8, NOW, MINUTE)
    found.finished(result(by_callback=False), NOW)
    found.finished(result(), NOW + HOUR)
    assert found.result == result()
    assert found.sent_at == NOW
    found.finished(result("send fail"), NOW + HOUR)
    assert found.state is State.SENT


def test_questions_come_less_and_less_often() -> None:
    found, _ = sending()
    found.accepted(7, 8, NOW, MINUTE)
    waits = []
    for _ in range(9):
        found.begin_asking(NOW, MINUTE)
        assert found.due_at is not None
        waits.append(found.due_at - NOW)
    assert waits[:3] == [2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert waits[-1] == HOUR
    assert waits == sorted(waits)


def test_a_temporary_refusal_goes_back_to_what_was_ready() -> None:
    found, fence = sending()
    found.postpone(fence, NOW + MINUTE, "平台限流", NOW)
    assert (found.state, found.due_at, found.media_id) == (State.PREPARED, NOW + MINUTE, "media")


class Orders(RuleBasedStateMachine):
    """Whatever workers, platform and people do, in whatever order, with whatever claim."""

    def __init__(self) -> None:
        super().__init__()
        self.order = order()
        self.now = NOW
        self.calls = 0
        self.fences = [0]
        self.seen: list[State] = [State.READY]

    def attempt(self, act: object) -> None:
        with contextlib.suppress(ImpossibleStep, LostClaim, PermitExpired, PermitNotYetValid):
            outcome = act() if callable(act) else None
            if isinstance(outcome, int) and not isinstance(outcome, bool):
                self.fences.append(outcome)

    @rule(seconds=st.integers(0, 600))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def prepare(self) -> None:
        self.attempt(lambda: self.order.begin_preparing(self.now, MINUTE))

    @rule(data=st.data())
    def prepared(self, data: st.DataObject) -> None:
        fence = data.draw(st.sampled_from(self.fences))
        self.attempt(lambda: self.order.prepared(fence, "media", self.now))

    @rule()
    def begin_call(self) -> None:
        before = self.order.state
        self.attempt(lambda: self.order.begin_sending(self.now, MINUTE, timedelta(0)))
        if self.order.state is State.SENDING and before is not State.SENDING:
            self.calls += 1

    @rule(data=st.data())
    def platform_is_busy(self, data: st.DataObject) -> None:
        fence = data.draw(st.sampled_from(self.fences))
        before = self.order.state
        self.attempt(lambda: self.order.postpone(fence, self.now + MINUTE, "忙", self.now))
        if before is State.SENDING and self.order.state is State.PREPARED:
            self.calls -= 1  # the platform said that it did not send

    @rule(data=st.data())
    def silent(self, data: st.DataObject) -> None:
        fence = data.draw(st.sampled_from(self.fences))
        self.attempt(lambda: self.order.silent(fence, "无回音", self.now, MINUTE))

    @precondition(lambda self: self.order.sending_at is not None)
    @rule()
    def gone(self) -> None:
        self.attempt(lambda: self.order.given_up_waiting(self.now, MINUTE))

    @rule()
    def reconcile(self) -> None:
        self.attempt(lambda: self.order.begin_reconciling(self.now, MINUTE))

    @rule()
    def accepted(self) -> None:
        if self.calls:
            self.attempt(lambda: self.order.accepted(7, 8, self.now, MINUTE))

    @rule(good=st.booleans(), by_callback=st.booleans())
    def finished(self, good: bool, by_callback: bool) -> None:
        found = result("send success" if good else "send fail", by_callback=by_callback)
        self.attempt(lambda: self.order.finished(found, self.now))

    @precondition(lambda self: self.order.state in NOT_BEGUN)
    @rule()
    def withdrawn(self) -> None:
        self.attempt(lambda: self.order.refused("publisher.issue_withdrawn", "撤回", self.now))

    @rule()
    def left_to_people(self) -> None:
        self.attempt(lambda: self.order.left_to_people("无法核对", self.now))

    @invariant()
    def every_step_is_in_the_table(self) -> None:
        states = [State.READY, *(step.state for step in self.order.timeline)]
        assert all(after in NEXT[before] for before, after in itertools.pairwise(states))
        assert self.order.state is states[-1]

    @invariant()
    def at_most_one_call_may_have_sent(self) -> None:
        assert self.calls <= 1

    @invariant()
    def what_ended_stays_as_it_is(self) -> None:
        if self.seen[-1] in (State.SENT, State.REFUSED):
            assert self.order.state is self.seen[-1]
            assert self.order.due_at is None
        self.seen.append(self.order.state)

    @invariant()
    def what_may_have_gone_out_is_not_shown_as_not_begun(self) -> None:
        if self.order.state in NOT_BEGUN:
            assert self.calls == 0


TestOrders = Orders.TestCase
TestOrders.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
