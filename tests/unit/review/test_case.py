"""The case: who may decide, in which order, about what, and what ends it."""

from __future__ import annotations

import pytest

from services.review.domain import refusals
from services.review.domain.case import State, Word
from services.review.domain.people import Person
from tests.unit.review.shapes import (
    HANDS,
    NOW,
    UNIT,
    head,
    later,
    opened,
    payload,
    people,
    process,
    seen,
    step,
    unrouted,
)


def test_one_step_one_person_approves() -> None:
    case = opened(step("审核", "any_of", "head"))
    assert (case.state, case.waiting_for) == (State.OPEN, ("head",))
    signature = case.approve(head("head"), seen(case, "同意"), later(1))
    assert (case.state, case.waiting_for, case.decided_by) == (State.APPROVED, (), "head")
    assert (signature.step, signature.capacity, signature.comment) == (1, "head", "同意")


def test_any_of_needs_one_and_all_of_needs_each() -> None:
    case = opened(step("初审", "any_of", "a", "b"), step("会签", "all_of", "c", "d"))
    case.approve(head("b"), seen(case), later(1))
    assert (case.state, case.current, case.waiting_for) == (State.OPEN, 1, ("c", "d"))
    case.approve(head("d"), seen(case), later(2))
    assert (case.state, case.waiting_for) == (State.OPEN, ("c",))
    case.approve(head("c"), seen(case), later(3))
    assert case.state is State.APPROVED
    assert [signature.person_id for signature in case.signatures] == ["b", "d", "c"]


def test_steps_are_taken_in_order() -> None:
    case = opened(step("初审", "any_of", "a"), step("终审", "any_of", "b"))
    with pytest.raises(refusals.NotYourTurn):
        case.approve(head("b"), seen(case), NOW)
    case.approve(head("a"), seen(case), NOW)
    with pytest.raises(refusals.NotYourTurn):
        case.approve(head("stranger"), seen(case), NOW)
    assert case.waiting_for == ("b",)


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("place", [0, 1])
def test_no_hand_in_the_content_ever_decides(hand: str, place: int) -> None:
    steps = [step("初审", "any_of", "a"), step("终审", "any_of", "b")]
    steps[place] = step("审核", "any_of", hand, "a" if place == 0 else "b")
    case = opened(*steps)
    assert hand not in case.pending
    for _ in range(2):
        with pytest.raises(refusals.AuthorCannotApprove):
            case.approve(head(hand), seen(case), NOW)
        with pytest.raises(refusals.AuthorCannotApprove):
            case.turn_down(head(hand), seen(case, "不妥"), "rejected", NOW)
        if case.state is State.OPEN and place == 1:
            case.approve(head(case.waiting_for[0]), seen(case), NOW)


def test_the_author_is_left_out_of_all_of_and_the_others_still_sign() -> None:
    case = opened(step("会签", "all_of", "author", "a", "b"))
    assert set(case.pending) == {"a", "b"}
    case.approve(head("a"), seen(case), NOW)
    assert set(case.pending) == {"b"}
    case.approve(head("b"), seen(case), NOW)
    assert case.state is State.APPROVED


@pytest.mark.parametrize("mode", ["all_of", "any_of"])
@pytest.mark.parametrize("named", [("author",), ("author", "editor", "submitter"), ()])
def test_a_step_of_nobody_but_the_hands_has_no_route(mode: str, named: tuple[str, ...]) -> None:
    case = unrouted()
    filed = process(step("初审", "any_of", "a"), step("终审", mode, *named))  # type: ignore[arg-type]
    case.send_along(filed, people("a", *named))
    assert (case.state, case.reason_code) == (State.UNROUTABLE, "review.step_without_candidate")
    assert "终审" in case.reason
    with pytest.raises(refusals.NobodyToDecide):
        case.approve(head("a"), seen(case), NOW)


def test_no_process_and_a_process_without_steps_have_no_route() -> None:
    case = unrouted()
    assert case.send_along(None, {})
    assert case.reason_code == "review.no_process"
    assert not case.send_along(None, {}), "nothing new to tell"
    assert case.send_along(process(), {})
    assert case.reason_code == "review.process_without_steps"
    assert case.send_along(process(step("审核", "any_of", "a")), people("a"))
    assert (case.state, case.reason, case.reason_code) == (State.OPEN, "", "")


def test_a_later_filing_leaves_a_case_under_way_alone() -> None:
    case = opened(step("审核", "any_of", "a"))
    assert not case.send_along(process(step("审核", "any_of", "b")), people("b"))
    assert case.waiting_for == ("a",)


def test_another_digest_is_refused() -> None:
    case = opened(step("审核", "any_of", "a"))
    with pytest.raises(refusals.DigestMismatch):
        case.approve(head("a"), Word("sha256:" + "0" * 64), NOW)
    with pytest.raises(refusals.DigestMismatch):
        case.turn_down(head("a"), Word("sha256:" + "0" * 64, "不妥"), "returned", NOW)
    assert case.state is State.OPEN


def test_a_second_click_does_not_sign_the_next_step() -> None:
    case = opened(step("初审", "any_of", "a"), step("终审", "any_of", "a"))
    case.approve(head("a"), seen(case, number=1), NOW)
    with pytest.raises(refusals.StepPassed):
        case.approve(head("a"), seen(case, number=1), NOW)
    case.approve(head("a"), seen(case, number=2), NOW)
    assert case.state is State.APPROVED


def test_who_signed_an_all_of_step_waits_for_the_others() -> None:
    case = opened(step("会签", "all_of", "a", "b"))
    case.approve(head("a"), seen(case), NOW)
    with pytest.raises(refusals.AlreadySigned):
        case.approve(head("a"), seen(case), NOW)
    with pytest.raises(refusals.AlreadySigned):
        case.turn_down(head("a"), seen(case, "改主意"), "rejected", NOW)


@pytest.mark.parametrize("verdict", ["rejected", "returned"])
def test_one_word_turns_it_down_for_good(verdict: str) -> None:
    case = opened(step("会签", "all_of", "a", "b"))
    case.approve(head("a"), seen(case), NOW)
    case.turn_down(head("b"), seen(case, "标题与事实不符"), verdict, later(1))  # type: ignore[arg-type]
    assert (case.state, case.reason, case.decided_by) == (verdict, "标题与事实不符", "b")
    with pytest.raises(refusals.AlreadyDecided):
        case.approve(head("b"), seen(case), later(2))
    assert not case.void("改了", "review.subject_edited", later(3)), "nothing stands any more"


def test_voided_before_or_after_the_decision_it_never_comes_back() -> None:
    undecided, decided = opened(step("审核", "any_of", "a")), opened(step("审核", "any_of", "a"))
    decided.approve(head("a"), seen(decided), NOW)
    for case in (undecided, decided):
        assert case.void("内容被修改", "review.subject_edited", later(1))
        assert (case.state, case.waiting_for, case.standing) == (State.VOIDED, (), False)
        with pytest.raises(refusals.AlreadyVoided):
            case.approve(head("a"), seen(case), later(2))
        assert not case.void("再次修改", "review.subject_edited", later(3))
        assert not case.send_along(process(step("审核", "any_of", "a")), people("a"))


def test_what_is_late_is_not_approved_but_may_be_returned() -> None:
    case = opened(step("审核", "any_of", "a"), content=payload(send_at="2026-03-02T10:00:00+00:00"))
    with pytest.raises(refusals.SendTimePassed):
        case.approve(head("a"), seen(case), later(61))
    assert case.waiting_for == ("a",)
    case.turn_down(head("a"), seen(case, "请改定时间"), "returned", later(62))
    assert case.state is State.RETURNED


@pytest.mark.parametrize(
    ("person", "capacity"),
    [
        (head("a"), "head"),
        (head("a", path="/"), "head"),
        (head("a", role="communications", path="/hengyuan"), "communications"),
        (head("a", role="operator"), "responsible_person"),
        (head("a", role="auditor"), None),
        (head("a", path="/hengyuan/med"), None),
        (head("a", path=UNIT + "/ward"), None),
        (Person("a", "a"), None),
    ],
)
def test_the_capacity_comes_from_a_role_over_the_unit(person: Person, capacity: str | None) -> None:
    case = opened(step("审核", "any_of", "a"))
    if capacity is None:
        with pytest.raises(refusals.RoleNotHeld):
            case.approve(person, seen(case), NOW)
    else:
        assert case.approve(person, seen(case), NOW).capacity == capacity


def test_who_lost_the_role_leaves_an_any_of_step() -> None:
    case = opened(step("审核", "any_of", "a", "b"))
    assert case.lose(people("b"))
    assert (case.state, case.waiting_for) == (State.OPEN, ("b",))
    assert not case.lose(people("b"))
    assert case.lose({})
    assert (case.state, case.reason_code) == (State.UNROUTABLE, "review.responsible_person_without_role")


def test_an_all_of_step_does_not_go_on_without_one_of_its_persons() -> None:
    case = opened(step("会签", "all_of", "a", "b"))
    case.approve(head("a"), seen(case), NOW)
    assert not case.lose(people("b")), "what is signed stays signed"
    assert case.lose(people("a"))
    assert case.state is State.UNROUTABLE
    assert case.signatures == (), "a new route is signed anew"


def test_a_later_step_that_lost_its_persons_strands_the_case_at_once() -> None:
    case = opened(step("初审", "any_of", "a"), step("终审", "all_of", "b"))
    assert case.lose(people("a"))
    assert case.state is State.UNROUTABLE


def test_persons_without_a_role_are_no_route() -> None:
    case = unrouted()
    case.send_along(process(step("会签", "all_of", "a", "b")), people("a"))
    assert case.reason_code == "review.responsible_person_without_role"
    case.send_along(process(step("或签", "any_of", "a", "b")), people("a"))
    assert (case.state, case.waiting_for) == (State.OPEN, ("a",))


def test_a_person_named_twice_in_a_step_signs_once() -> None:
    case = opened(step("会签", "all_of", "a", "a", "b"))
    case.approve(head("a"), seen(case), NOW)
    case.approve(head("b"), seen(case), NOW)
    assert case.state is State.APPROVED
