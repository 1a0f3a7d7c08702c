"""The review case: one revision of one subject on its way through the steps of the filed process.

Invariants, whatever the order of acts: author, last editor and submitter sign nothing; a signature is given to the
exact digest; a case is approved only when each of its steps is; a voided case never comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from services.review.domain import refusals
from services.review.domain.people import People, Person
from services.review.domain.routing import Obstacle, Process, Signature, Step, route, still_able, without_role
from services.review.domain.submission import Content, Submission

Turn: TypeAlias = Literal["rejected", "returned"]


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    UNROUTABLE = "unroutable"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    VOIDED = "voided"


STANDING = frozenset({State.OPEN, State.UNROUTABLE, State.APPROVED})
"""A subject has at most one case in one of these: what an edit or a withdrawal voids."""


@dataclass(frozen=True)
class ProcessUsed:
    """Which filed process the steps were taken from."""

    process_id: str
    process_version: int
    filing_number: str

    @property
    def policy_version(self) -> str:
        """The version of the rules that a permit names."""
        return f"{self.filing_number}#{self.process_version}"


@dataclass(frozen=True)
class Word:
    """What a person says to a case: to which digest, in which step (None: whichever is the current one)."""

    digest: str
    text: str = ""
    step: int | None = None


@dataclass
class Case:
    """The aggregate. `version` is that of the stored document that it was read from."""

    case_id: str
    submission: Submission
    title: str
    send_at: datetime | None
    opened_at: datetime
    state: State = State.UNROUTABLE
    process: ProcessUsed | None = None
    steps: list[Step] = field(default_factory=list)
    reason: str = ""
    reason_code: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None
    voided_at: datetime | None = None
    permit_id: str | None = None
    version: int = 0

    @classmethod
    def of(cls, case_id: str, submission: Submission, content: Content, now: datetime) -> Case:
        """A new case. One with a faulty payload is rejected at once; the others are yet to be routed."""
        case = cls(case_id, submission, content.title, content.send_at, now)
        if content.fault is not None:
            case.state, case.decided_at = State.REJECTED, now
            case.reason, case.reason_code = content.fault.text, content.fault.code
        return case

    @property
    def standing(self) -> bool:
        return self.state in STANDING

    @property
    def current(self) -> int | None:
        """Index of the step that waits; None when none does."""
        if self.state is not State.OPEN:
            return None
        return next((index for index, step in enumerate(self.steps) if not step.done), None)

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Who may decide now."""
        return () if self.current is None else self.steps[self.current].waiting_for

    @property
    def pending(self) -> frozenset[str]:
        """Who may decide now or in a later step."""
        steps = self.steps if self.state is State.OPEN else []
        return frozenset(person for step in steps for person in step.waiting_for)

    @property
    def participants(self) -> frozenset[str]:
        """Everybody whom the case is about or was put before."""
        return self.submission.barred | {person for step in self.steps for person in step.named}

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return tuple(signature for step in self.steps for signature in step.signatures)

    def send_along(self, process: Process | None, people: People) -> bool:
        """Take the route of the process, from its first step. True when something about the case changed.

        Only a case without a route takes one: a later filing does not change the steps of a case under way.
        """
        if self.state is not State.UNROUTABLE:
            return False
        try:
            self.steps = route(process, self.submission.barred, people)
        except Obstacle as obstacle:
            return self._strand(obstacle)
        assert process is not None
        self.process = ProcessUsed(process.process_id, process.process_version, process.filing_number)
        self.state, self.reason, self.reason_code = State.OPEN, "", ""
        return True

    def lose(self, people: People) -> bool:
        """Somebody lost a role: take those who may not sign any more out of the steps that wait.

        A step that cannot be finished without them strands the case, loudly. What was signed stays signed.
        True when something about the case changed.
        """
        if self.state is not State.OPEN:
            return False
        before = self.pending
        for step in self.steps:
            waiting = step.waiting_for
            able = still_able(waiting, step.mode, self.submission.unit_path, people)
            if waiting and not able:
                return self._strand(without_role(step.name))
            step.candidates = tuple(person for person in step.candidates if person not in set(waiting) - set(able))
        return self.pending != before

    def approve(self, by: Person, word: Word, now: datetime) -> Signature:
        """Sign the current step; the last signature approves the case.

        Raises:
            AlreadyDecided, AlreadyVoided, NobodyToDecide, AuthorCannotApprove, DigestMismatch, StepPassed,
            AlreadySigned, NotYourTurn, RoleNotHeld, SendTimePassed
        """
        signature = self._sign(by, word, now)
        if self.send_at is not None and self.send_at < now:
            raise refusals.SendTimePassed(send_at=self.send_at.isoformat())
        self.steps[signature.step - 1].signatures.append(signature)
        if self.current is None:
            self.state, self.decided_by, self.decided_at = State.APPROVED, by.person_id, now
        return signature

    def turn_down(self, by: Person, word: Word, verdict: Turn, now: datetime) -> Signature:
        """Reject it, or return it for changes: one word of the current step's persons ends the case.

        Raises:
            as `approve`, but for SendTimePassed
        """
        signature = self._sign(by, word, now)
        self.state, self.reason, self.reason_code = State(verdict), word.text, f"review.{verdict}"
        self.decided_by, self.decided_at = by.person_id, now
        return signature

    def void(self, reason: str, code: str, now: datetime) -> bool:
        """The content is not what would go out any more. True unless the case had no standing."""
        if not self.standing:
            return False
        self.state, self.voided_at, self.reason, self.reason_code = State.VOIDED, now, reason, code
        return True

    def _strand(self, obstacle: Obstacle) -> bool:
        changed = self.state is not State.UNROUTABLE or self.reason_code != obstacle.code
        self.state, self.steps, self.process = State.UNROUTABLE, [], None
        self.reason, self.reason_code = obstacle.text, obstacle.code
        return changed

    def _sign(self, by: Person, word: Word, now: datetime) -> Signature:
        """What the person says now, once it is certain that he or she may say it."""
        self._require_open()
        if by.person_id in self.submission.barred:
            raise refusals.AuthorCannotApprove
        if word.digest != self.submission.digest:
            raise refusals.DigestMismatch(digest=self.submission.digest)
        number = self._require_turn(by, word.step)
        capacity = by.capacity_at(self.submission.unit_path)
        if capacity is None:
            raise refusals.RoleNotHeld
        return Signature(number, by.person_id, by.display_name, capacity, now, word.text)

    def _require_turn(self, by: Person, meant: int | None) -> int:
        assert self.current is not None
        step, number = self.steps[self.current], self.current + 1
        if meant is not None and meant != number:
            raise refusals.StepPassed(current_step=number)
        if by.person_id in step.waiting_for:
            return number
        if any(signature.person_id == by.person_id for signature in step.signatures):
            raise refusals.AlreadySigned
        raise refusals.NotYourTurn(current_step=number)

    def _require_open(self) -> None:
        if self.state is State.VOIDED:
            raise refusals.AlreadyVoided(reason=self.reason, reason_code=self.reason_code)
        if self.state is State.UNROUTABLE:
            raise refusals.NobodyToDecide(reason=self.reason, reason_code=self.reason_code)
        if self.state is not State.OPEN:
            raise refusals.AlreadyDecided(state=str(self.state))
