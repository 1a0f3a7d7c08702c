"""Which operating processes can run and cannot be walked round (§4.3, §5.2)."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.refusal import Refusal
from services.registry.domain.operating import (
    EditorReviewsAlone,
    Mode,
    NamedTwice,
    NoHeadReviews,
    PersonUnknown,
    PersonWithoutRole,
    ProcessIncomplete,
    Roster,
    Step,
    check,
)
from tests.unit.registry.examples import CARE, GROUP, MEDICAL, person

PEOPLE = {
    "operator": person("operator", ("operator", MEDICAL)),
    "colleague": person("colleague", ("operator", MEDICAL)),
    "head": person("head", ("head", MEDICAL)),
    "deputy": person("deputy", ("head", MEDICAL)),
    "officer": person("officer", ("communications", GROUP)),
    "stranger": person("stranger", ("head", CARE)),
    "auditor": person("auditor", ("auditor", GROUP)),
}


def one(mode: Mode, *person_ids: str) -> Step:
    return Step("审核", mode, person_ids)


def refusal_of(roster: Roster) -> type[Refusal] | None:
    try:
        check(roster, MEDICAL, PEOPLE)
    except Refusal as refusal:
        return type(refusal)
    return None


def roster(
    *steps: Step, editors: tuple[str, ...] = ("operator",), publishers: tuple[str, ...] = ("operator",)
) -> Roster:
    return Roster(editors, steps, publishers)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (roster(one("all_of", "head")), None),
        (roster(one("any_of", "head", "deputy")), None),
        (roster(one("any_of", "officer")), None),
        (roster(one("any_of", "colleague"), one("all_of", "head")), None),
        (roster(one("all_of", "operator", "head")), None),
        (roster(), ProcessIncomplete),
        (roster(one("all_of")), ProcessIncomplete),
        (roster(Step(" ", "all_of", ("head",))), ProcessIncomplete),
        (roster(one("all_of", "head"), editors=()), ProcessIncomplete),
        (roster(one("all_of", "head"), publishers=()), ProcessIncomplete),
        (roster(one("all_of", "head", "head")), NamedTwice),
        (roster(one("all_of", "head"), editors=("operator", "operator")), NamedTwice),
        (roster(one("all_of", "nobody")), PersonUnknown),
        (roster(one("all_of", "stranger")), PersonWithoutRole),
        (roster(one("all_of", "head"), publishers=("auditor",)), PersonWithoutRole),
        (roster(one("all_of", "head"), editors=("head",)), EditorReviewsAlone),
        (roster(one("all_of", "head"), one("any_of", "operator")), EditorReviewsAlone),
        (roster(one("all_of", "head"), editors=("operator", "head")), EditorReviewsAlone),
        (roster(one("any_of", "colleague")), NoHeadReviews),
        (roster(one("any_of", "colleague", "head")), NoHeadReviews),
    ],
)
def test_a_roster_is_taken_or_refused_for_its_reason(wanted: Roster, expected: type[Refusal] | None) -> None:
    assert refusal_of(wanted) is expected


def test_a_refusal_names_who_lacks_the_role() -> None:
    with pytest.raises(PersonWithoutRole) as refusal:
        check(roster(one("all_of", "stranger")), MEDICAL, PEOPLE)
    assert refusal.value.details == {"person_ids": ["stranger"]}
    assert "stranger" in refusal.value.shown


NAMES = st.sampled_from(sorted(PEOPLE))
LISTS = st.lists(NAMES, max_size=3).map(tuple)
STEPS = st.builds(Step, st.just("审核"), st.sampled_from(["all_of", "any_of"]), LISTS)


@given(st.builds(Roster, LISTS, st.lists(STEPS, max_size=3).map(tuple), LISTS))
def test_whatever_is_taken_lets_nobody_pass_their_own_work_alone_nor_without_a_head(wanted: Roster) -> None:
    if refusal_of(wanted) is not None:
        return
    heads = {"head", "deputy", "officer"}
    for editor in wanted.editor_ids:
        assert all(set(step.person_ids) - {editor} for step in wanted.steps)
    passing_without_head = all(
        (set(step.person_ids) - heads) if step.mode == "any_of" else not (set(step.person_ids) & heads)
        for step in wanted.steps
    )
    assert not passing_without_head
    assert {"stranger", "auditor"}.isdisjoint(chain(wanted.person_ids))
