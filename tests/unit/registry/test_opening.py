"""The opening application's life, walked at random and checked against what §4.2 allows."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kit.refusal import Refusal
from services.registry.domain.opening import (
    STATEMENT_NAMES,
    ApplicationChanged,
    ApplicationDecided,
    ApplicationNotApproved,
    ApplicationNotReturned,
    ApplicationRegistered,
    ApplicationWithUnit,
    OpeningApplication,
    OwnApplication,
    Statements,
    StatementsMissing,
    TextMissing,
    submit,
)
from tests.unit.registry.examples import APPLICANT, application, proposal, stamp, statements

FOLLOWS = {
    "submitted": {"returned", "approved", "rejected"},
    "resubmitted": {"returned", "approved", "rejected"},
    "returned": {"resubmitted"},
    "approved": {"registered"},
    "rejected": set(),
    "registered": set(),
}
ALLOWED_CODES = {
    ApplicationDecided.code,
    ApplicationWithUnit.code,
    ApplicationNotReturned.code,
    ApplicationNotApproved.code,
    ApplicationRegistered.code,
    OwnApplication.code,
    TextMissing.code,
    StatementsMissing.code,
    ApplicationChanged.code,
}
PEOPLE = st.sampled_from(["operator", "colleague", "officer", "other officer"])
TEXTS = st.sampled_from(["", "  ", "请补充。"])


class Application(RuleBasedStateMachine):
    """Anybody does anything in any order; whatever is refused changes nothing."""

    @initialize()
    def submit(self) -> None:
        self.it: OpeningApplication = application()
        self.decided_by: list[str] = []

    def attempt(self, act: str, *arguments: object, **named: object) -> bool:
        before = (self.it.state, self.it.revisions, self.it.history, self.it.account_id)
        try:
            getattr(self.it, act)(*arguments, **named)
        except Refusal as refusal:
            assert refusal.code in ALLOWED_CODES
            assert (self.it.state, self.it.revisions, self.it.history, self.it.account_id) == before
            return False
        assert self.it.state in FOLLOWS[before[0]]
        return True

    @rule(by=PEOPLE, text=TEXTS, seen=st.sampled_from([None, 1, 2]))
    def give_back(self, by: str, text: str, seen: int | None) -> None:
        if self.attempt("return_to_unit", text, stamp(by), seen=seen):
            self.decided_by.append(by)
            assert text.strip()

    @rule(by=PEOPLE, seen=st.sampled_from([None, 1, 2]))
    def approve(self, by: str, seen: int | None) -> None:
        if self.attempt("approve", "", stamp(by), seen=seen):
            self.decided_by.append(by)
            assert seen in (None, self.it.current.number)

    @rule(by=PEOPLE, text=TEXTS)
    def reject(self, by: str, text: str) -> None:
        if self.attempt("reject", text, stamp(by)):
            self.decided_by.append(by)
            assert text.strip()

    @rule(by=PEOPLE, gap=st.sampled_from([None, *STATEMENT_NAMES]))
    def resubmit(self, by: str, gap: str | None) -> None:
        changed = proposal(statements=statements(**({gap: " "} if gap else {})))
        if self.attempt("resubmit", changed, (), "已改。", stamp(by)):
            assert gap is None

    @rule(by=PEOPLE)
    def register(self, by: str) -> None:
        if self.attempt("register", "acc", "GW-2026-0001", stamp(by)):
            assert self.it.history[-2].state == "approved"

    @invariant()
    def the_history_is_a_legal_walk(self) -> None:
        states = [turn.state for turn in self.it.history]
        assert states[0] == "submitted" and states[-1] == self.it.state
        assert all(later in FOLLOWS[earlier] for earlier, later in pairwise(states))

    @invariant()
    def an_account_exists_exactly_when_registered(self) -> None:
        assert (self.it.account_id is not None) == (self.it.state == "registered")

    @invariant()
    def nobody_decided_on_what_they_had_written_before(self) -> None:
        writers: set[str] = set()
        for turn in self.it.history:
            if turn.state in ("submitted", "resubmitted"):
                writers.add(turn.by)
            elif turn.state != "registered":
                assert turn.by not in writers

    @invariant()
    def revisions_count_up(self) -> None:
        assert [revision.number for revision in self.it.revisions] == list(range(1, len(self.it.revisions) + 1))


Application.TestCase.settings = settings(max_examples=120, stateful_step_count=12, deadline=None)
TestOpeningApplication = Application.TestCase


def test_every_statement_of_the_clause_is_asked_for_by_its_chinese_name() -> None:
    assert [field.name for field in fields(Statements)] == list(STATEMENT_NAMES)
    assert len(STATEMENT_NAMES) == 11


@pytest.mark.parametrize("name", STATEMENT_NAMES)
def test_a_blank_statement_is_refused_by_name(name: str) -> None:
    with pytest.raises(StatementsMissing) as refusal:
        submit("a1", APPLICANT, proposal(statements=statements(**{name: " \n"})), (), stamp("operator"))
    assert refusal.value.details == {"missing": [name]}
    assert STATEMENT_NAMES[name] in refusal.value.shown
    assert refusal.value.clause == "§4.2"


def test_all_gaps_are_named_at_once() -> None:
    with pytest.raises(StatementsMissing) as refusal:
        proposal(statements=statements(layout="", operators="")).check()
    assert refusal.value.details == {"missing": ["layout", "operators"]}


def test_an_approval_of_a_revision_that_is_not_the_current_one_is_refused() -> None:
    it = application()
    it.return_to_unit("请补充。", stamp(), seen=1)
    it.resubmit(proposal(), (), "", stamp("operator"))
    with pytest.raises(ApplicationChanged) as refusal:
        it.approve("", stamp(), seen=1)
    assert refusal.value.details == {"revision": 2}
    it.approve("", stamp(), seen=2)
    assert it.state == "approved"


def test_who_wrote_any_revision_cannot_decide() -> None:
    it = application("officer")
    with pytest.raises(OwnApplication):
        it.approve("", stamp("officer"))
