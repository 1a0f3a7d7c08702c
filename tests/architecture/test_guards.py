"""The house as it is: every guard holds."""

from __future__ import annotations

import pytest

from tests.architecture import discipline, rules, shapes, vocabulary
from tests.architecture.source import REPOSITORY, Guard

GUARDS: tuple[Guard, ...] = (
    shapes.short_files,
    shapes.short_functions,
    shapes.few_parameters,
    shapes.small_kit,
    shapes.telling_names,
    rules.one_use_case_one_file,
    rules.domain_never_waits,
    rules.time_is_handed_in,
    rules.edges_translate,
    rules.nothing_is_built_at_import,
    rules.transactions_are_ours,
    rules.delivery_is_ours,
    rules.contracts_need_pydantic_only,
    rules.kit_knows_no_domain,
    vocabulary.refusals_speak,
    vocabulary.nobody_raises_a_bare_refusal,
    vocabulary.events_are_facts,
    vocabulary.settings_refuse_unknown_names,
    discipline.tests_do_not_escape,
    discipline.tests_do_not_sleep,
    discipline.tests_do_not_replace,
)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_the_house_is_in_order(guard: Guard) -> None:
    complaints = guard(REPOSITORY)
    assert not complaints, "\n".join(complaints)
