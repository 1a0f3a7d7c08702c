"""From a filed process to the steps of a case (§4.3): who may sign, and whether anybody is left who can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from services.review.domain.people import People

Mode: TypeAlias = Literal["all_of", "any_of"]


@dataclass(frozen=True)
class FiledStep:
    """One step of a filed process: all of the persons, or any of them."""

    name: str
    mode: Mode
    person_ids: tuple[str, ...]


@dataclass(frozen=True)
class Process:
    """A unit's process on file."""

    process_id: str
    unit_path: str
    process_version: int
    filing_number: str
    steps: tuple[FiledStep, ...]


@dataclass(frozen=True)
class Signature:
    """One person's approval of one step, counted from 1."""

    step: int
    person_id: str
    display_name: str
    capacity: str
    signed_at: datetime
    comment: str = ""


@dataclass
class Step:
    """One step of a case. `named` is what the process says, `candidates` those of them who may sign here."""

    name: str
    mode: Mode
    named: tuple[str, ...]
    candidates: tuple[str, ...]
    signatures: list[Signature] = field(default_factory=list)

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Who may still sign; nobody once the step is done."""
        signed = {signature.person_id for signature in self.signatures}
        if self.mode == "any_of" and signed:
            return ()
        return tuple(person for person in self.candidates if person not in signed)

    @property
    def done(self) -> bool:
        return bool(self.signatures) and not self.waiting_for


class Obstacle(Exception):
    """Nobody can decide, and why: a stable code, and a text that says what to do."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


def route(process: Process | None, barred: frozenset[str], people: People) -> list[Step]:
    """The steps of a case under the process.

    Raises:
        Obstacle: there is no process, or one of its steps has nobody left who may sign it.
    """
    if process is None:
        raise Obstacle("review.no_process", "该单位尚未备案编辑、审核、发布流程，请先备案运营流程。")
    if not process.steps:
        raise Obstacle("review.process_without_steps", "该单位备案的流程没有审核步骤，请重新备案运营流程。")
    return [_step(filed, process.unit_path, barred, people) for filed in process.steps]


def _step(filed: FiledStep, unit_path: str, barred: frozenset[str], people: People) -> Step:
    named = tuple(dict.fromkeys(filed.person_ids))
    free = [person_id for person_id in named if person_id not in barred]
    if not free:
        raise Obstacle(
            "review.step_without_candidate",
            f"步骤“{filed.name}”除作者、最后编辑者和送审人外没有其他责任人，请重新备案运营流程或换人送审。",
        )
    able = still_able(free, filed.mode, unit_path, people)
    if not able:
        raise without_role(filed.name)
    return Step(filed.name, filed.mode, named, able)


def still_able(persons: Sequence[str], mode: Mode, unit_path: str, people: People) -> tuple[str, ...]:
    """Those who hold a role that lets them sign. Of `all_of` nobody may be left out: one without a role ends it."""
    able = tuple(person for person in persons if person in people and people[person].capacity_at(unit_path))
    return able if mode == "any_of" or len(able) == len(persons) else ()


def without_role(step_name: str) -> Obstacle:
    """A step's persons lost, or never had, the role that registry's filing rests on."""
    return Obstacle(
        "review.responsible_person_without_role",
        f"步骤“{step_name}”的责任人已不担任该单位的负责人、运营人员或企宣人员，请重新备案运营流程。",
    )
