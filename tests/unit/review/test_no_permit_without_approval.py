"""No sequence of acts yields a permit without the approvals that the filed process demands, of the exact digest.

The machine plays publisher, registry and every person at once. It keeps its own book of what happened, in the terms of
the rule (who was named, who had a hand in the content, who signed which digest), and holds every permit against it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.permit import PermitClaims, digest_of
from kit.auth import Grant
from kit.refusal import Refusal
from services.review.domain.case import Case, State, Word
from services.review.domain.people import Person
from services.review.domain.permit import NotApproved, Permit, claims_of, permit_of, window_of
from services.review.domain.routing import FiledStep, Process
from services.review.domain.submission import read_content
from tests.unit.review.shapes import NOW, UNIT, payload, process, submission

PERSONS = [f"p{number}" for number in range(6)]
TEXTS = ["第一稿", "第二稿", "第三稿"]
WRONG = "sha256:" + "0" * 64
LASTS = timedelta(hours=24)

persons = st.sampled_from(PERSONS)
texts = st.sampled_from(TEXTS)
steps = st.builds(
    FiledStep,
    name=st.just("步骤"),
    mode=st.sampled_from(["all_of", "any_of"]),
    person_ids=st.lists(persons, min_size=0, max_size=3).map(tuple),
)
filings = st.lists(steps, min_size=0, max_size=3).map(lambda found: process(*found))
hands = st.sampled_from(PERSONS[:3])
digests = st.sampled_from(["seen", "seen", "wrong", *TEXTS])


@dataclass
class Round:
    """One case, and the book kept beside it."""

    case: Case
    content: dict[str, Any]
    hands: set[str]
    process: Process | None = None
    signed: list[tuple[int, str, str]] = field(default_factory=list)
    """Step from 0, person, digest: approvals that were accepted since the route was taken."""
    permit: Permit | None = None
    claims: PermitClaims | None = None


class Matrix(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.rounds: list[Round] = []
        self.filed: Process | None = None
        self.able = set(PERSONS)
        self.live: str | None = None
        """What would go out now; None: it was taken back."""

    @property
    def people(self) -> dict[str, Person]:
        role = frozenset({Grant("head", UNIT)})
        return {person: Person(person, person, role if person in self.able else frozenset()) for person in PERSONS}

    @initialize(filed=st.lists(steps, min_size=1, max_size=3).map(lambda found: process(*found)))
    def start(self, filed: Process) -> None:
        self.filed = filed

    @property
    def waiting(self) -> tuple[str, ...]:
        return self.rounds[-1].case.waiting_for if self.rounds else ()

    @precondition(lambda self: not self.waiting)
    @rule(text=texts, author=hands, editor=hands, submitter=hands, honest=st.sampled_from([True, True, True, False]))
    def submit(self, text: str, author: str, editor: str, submitter: str, honest: bool) -> None:
        self._void_standing()
        content = payload(text)
        names = {"author_id": author, "last_editor_id": editor, "submitted_by": submitter}
        about = submission(content, **names, **({} if honest else {"digest": WRONG}))
        case = Case.of(f"case-{len(self.rounds)}", about, read_content(content, about), self.now)
        self.rounds.append(Round(case, content, {author, editor, submitter}))
        self.live = digest_of(content)
        self._send_along(self.rounds[-1])

    @precondition(lambda self: self.live)
    @rule(text=st.sampled_from([*TEXTS, None]))
    def edit_or_withdraw(self, text: str | None) -> None:
        self.live = digest_of(payload(text)) if text else None
        for one in self.rounds:
            if one.case.standing and one.case.submission.digest != self.live:
                self._void(one)

    @rule(filed=filings)
    def file(self, filed: Process) -> None:
        self.filed = filed
        for one in self.rounds:
            self._send_along(one)

    @rule(person=persons, granted=st.booleans())
    def change_a_role(self, person: str, granted: bool) -> None:
        (self.able.add if granted else self.able.discard)(person)
        for one in self.rounds:
            if granted:
                self._send_along(one)
            elif one.case.lose(self.people) and one.case.state is State.UNROUTABLE:
                one.signed.clear()

    @precondition(lambda self: self.waiting)
    @rule(text=texts, author=hands)
    def submit_over(self, text: str, author: str) -> None:
        self.submit(text, author, author, author, True)

    @precondition(lambda self: self.rounds)
    @rule(one=st.integers(0, 2), person=persons, digest=digests, number=st.sampled_from([None, 1, 2, 3]))
    def anybody_approves(self, one: int, person: str, digest: str, number: int | None) -> None:
        self._approve(self._recent(one), person, digest, number)

    @precondition(lambda self: self.waiting)
    @rule(whom=st.integers(0, 2), digest=digests)
    def whose_turn_it_is_approves(self, whom: int, digest: str) -> None:
        self._approve(self.rounds[-1], self.waiting[whom % len(self.waiting)], digest, None)

    @precondition(lambda self: self.waiting)
    @rule(whom=st.integers(0, 2))
    def whose_turn_it_is_approves_what_is_there(self, whom: int) -> None:
        self._approve(self.rounds[-1], self.waiting[whom % len(self.waiting)], "seen", None)

    @precondition(lambda self: self.waiting)
    @rule()
    def all_whose_turn_it_is_approve(self) -> None:
        for person in self.waiting:
            self._approve(self.rounds[-1], person, "seen", None)

    @precondition(lambda self: self.rounds)
    @rule(one=st.integers(0, 2), person=persons, digest=digests, verdict=st.sampled_from(["rejected", "returned"]))
    def anybody_turns_down(self, one: int, person: str, digest: str, verdict: Any) -> None:
        found = self._recent(one)
        try:
            found.case.turn_down(self.people[person], self._word(found, digest, None), verdict, self.now)
        except Refusal:
            return
        assert person in self.able - found.hands

    @invariant()
    def every_permit_has_its_approvals(self) -> None:
        for one in self.rounds:
            if one.claims is not None:
                self._hold_against_the_book(one, one.claims)

    @invariant()
    def no_case_but_an_approved_one_can_be_signed_for(self) -> None:
        for one in self.rounds:
            if one.case.state is State.APPROVED:
                continue
            try:
                claims_of(one.case, "permit", window_of(one.case, self.now, LASTS))
            except NotApproved:
                continue
            raise AssertionError(f"claims for a case that is {one.case.state}")

    @invariant()
    def what_may_go_out_is_what_was_approved(self) -> None:
        valid = [one for one in self.rounds if one.permit is not None and one.permit.voided_at is None]
        assert len(valid) <= 1
        assert all(one.permit is not None and one.permit.digest == self.live for one in valid)
        assert sum(one.case.standing for one in self.rounds) <= 1

    def _hold_against_the_book(self, one: Round, claims: PermitClaims) -> None:
        assert claims.digest == digest_of(one.content)
        assert one.process is not None and one.process.steps
        for index, filed in enumerate(one.process.steps):
            signers = {person for step, person, digest in one.signed if step == index and digest == claims.digest}
            needed = set(filed.person_ids) - one.hands
            assert needed, "a step of nobody but the author has no route"
            assert needed <= signers if filed.mode == "all_of" else needed & signers
            assert signers <= needed
        assert [step for step, _, _ in one.signed] == sorted(step for step, _, _ in one.signed), "out of order"
        assert {approval.person_id for approval in claims.approvals} == {person for _, person, _ in one.signed}
        assert not {approval.person_id for approval in claims.approvals} & one.hands

    def _recent(self, back: int) -> Round:
        return self.rounds[max(0, len(self.rounds) - 1 - back)]

    def _word(self, one: Round, digest: str, number: int | None) -> Word:
        said = {"seen": one.case.submission.digest, "wrong": WRONG}
        return Word(said.get(digest) or digest_of(payload(digest)), "意见", number)

    def _approve(self, one: Round, person: str, digest: str, number: int | None) -> None:
        word = self._word(one, digest, number)
        index = one.case.current
        try:
            one.case.approve(self.people[person], word, self.now)
        except Refusal:
            return
        assert index is not None and person in self.able and word.digest == digest_of(one.content)
        one.signed.append((index, person, word.digest))
        if one.case.state is State.APPROVED:
            window = window_of(one.case, self.now, LASTS)
            one.claims = claims_of(one.case, f"permit-of-{one.case.case_id}", window)
            one.permit = permit_of(one.case, one.claims, "token", window, self.now)

    def _send_along(self, one: Round) -> None:
        if one.case.send_along(self.filed, self.people) and one.case.state is State.OPEN:
            one.process = self.filed
            one.signed.clear()

    def _void_standing(self) -> None:
        for one in self.rounds:
            self._void(one)

    def _void(self, one: Round) -> None:
        if one.case.void("改了", "review.subject_edited", self.now) and one.permit is not None:
            assert one.permit.void("改了", self.now)


Matrix.TestCase.settings = settings(max_examples=200, stateful_step_count=60, deadline=None, database=None)
TestMatrix = Matrix.TestCase
