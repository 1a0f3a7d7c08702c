"""A unit's operating process (§4.3): who edits, who reviews in which order, who publishes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from kit.refusal import Refusal
from services.registry.domain.authority import RESPONSIBLE, WORKS_ON_CONTENT
from services.registry.domain.people import Person

Mode: TypeAlias = Literal["all_of", "any_of"]


class ProcessIncomplete(Refusal):
    """Edit, review and publish each need somebody by name."""

    code = "registry.process_incomplete"
    status = 422
    clause = "§4.3"
    text = "流程须包含编辑、审核、发布三个环节，每个环节都要明确责任人。"


class NamedTwice(Refusal):
    """A person stands twice in one list."""

    code = "registry.person_named_twice"
    status = 422
    clause = "§4.3"
    text = "同一环节重复填写了同一名责任人，请删除重复项。"


class PersonUnknown(Refusal):
    """Somebody named does not exist."""

    code = "registry.person_unknown"
    status = 422
    clause = "§4.3"
    text = "流程中有查无此人的责任人，请重新选择。"


class PersonWithoutRole(Refusal):
    """Somebody named has no role for this unit's content."""

    code = "registry.person_without_role"
    status = 422
    clause = "§4.3"
    text = "流程中有责任人在该单位没有负责人、运营或企宣角色，请先授予角色或另选人员。"


class EditorReviewsAlone(Refusal):
    """Of a step nobody is left who did not write it."""

    code = "registry.editor_reviews_alone"
    status = 422
    clause = "§4.3"
    text = "编辑不能独自审核自己的内容，请在该审核环节增加其他审核人。"


class NoHeadReviews(Refusal):
    """An issue could pass without a head having seen it."""

    code = "registry.no_head_reviews"
    status = 422
    clause = "§5.2"
    text = "内容须经负责人审核：至少要有一个环节必须由负责人或企宣部人员通过。"


@dataclass(frozen=True)
class Step:
    """One step of review: every one of the persons (`all_of`), or any (`any_of`)."""

    name: str
    mode: Mode
    person_ids: tuple[str, ...]


@dataclass(frozen=True)
class Roster:
    """Who does what."""

    editor_ids: tuple[str, ...]
    steps: tuple[Step, ...]
    publisher_ids: tuple[str, ...]

    @property
    def person_ids(self) -> tuple[str, ...]:
        """Everybody who is named, each once."""
        reviewers = [person_id for step in self.steps for person_id in step.person_ids]
        return tuple(dict.fromkeys([*self.editor_ids, *reviewers, *self.publisher_ids]))


@dataclass(frozen=True)
class OperatingProcess:
    """A filed process. A later one of the same unit replaces it; none is ever changed."""

    process_id: str
    unit_path: str
    process_version: int
    roster: Roster
    filing_number: str
    filed_by: str
    filed_at: datetime


def check(roster: Roster, unit_path: str, people: Mapping[str, Person]) -> None:
    """Raise unless the roster makes a process that can run and cannot be walked round.

    Raises:
        ProcessIncomplete, NamedTwice, PersonUnknown, PersonWithoutRole, EditorReviewsAlone, NoHeadReviews
    """
    _check_shape(roster)
    unknown = [person_id for person_id in roster.person_ids if person_id not in people]
    if unknown:
        raise PersonUnknown(person_ids=unknown)
    idle = [one for one in roster.person_ids if not people[one].holds(*WORKS_ON_CONTENT, path=unit_path)]
    if idle:
        named = "、".join(people[person_id].display_name for person_id in idle)
        raise PersonWithoutRole(f"{named}在该单位没有负责人、运营或企宣角色，请先授予角色或另选人员。", person_ids=idle)
    for step in roster.steps:
        if any(set(step.person_ids) == {editor_id} for editor_id in roster.editor_ids):
            raise EditorReviewsAlone(f"“{step.name}”只有编辑本人，请增加其他审核人。", step=step.name)
    responsible = {one for one in roster.person_ids if people[one].holds(*RESPONSIBLE, path=unit_path)}
    if not any(_needs_one_of(step, responsible) for step in roster.steps):
        raise NoHeadReviews


def _check_shape(roster: Roster) -> None:
    lists = [roster.editor_ids, *(step.person_ids for step in roster.steps), roster.publisher_ids]
    if not roster.steps or not all(lists) or not all(step.name.strip() for step in roster.steps):
        raise ProcessIncomplete
    if any(len(set(people)) < len(people) for people in lists):
        raise NamedTwice


def _needs_one_of(step: Step, people: Iterable[str]) -> bool:
    """True if the step cannot be passed without one of the people."""
    among = set(people)
    if step.mode == "all_of":
        return bool(among & set(step.person_ids))
    return set(step.person_ids) <= among
