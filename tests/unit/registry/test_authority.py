"""Who may do what, where: roles on paths, and handing them out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.refusal import Forbidden, NotFound, Refusal
from services.registry.domain import paths
from services.registry.domain.authority import ADMINISTERS, OwnRoles, RoleAboveOwn, admit, require_hand_out
from services.registry.domain.people import RoleHeldAlready, RoleNotHeld
from services.registry.queries.listing import narrowed
from tests.unit.registry.examples import CARE, GROUP, MEDICAL, actor, person, stamp

ROLES = st.sampled_from(["communications", "head", "operator", "custodian", "auditor", "engineer"])
PATHS = st.sampled_from(["/", GROUP, MEDICAL, CARE, "/lanli/medical/shops", "/other", "/lanli-other"])


@pytest.mark.parametrize(
    ("above", "path", "expected"),
    [
        ("/", "/lanli", True),
        ("/", "/", True),
        ("/lanli", "/lanli/medical", True),
        ("/lanli", "/lanli", True),
        ("/lanli", "/lanli-other", False),
        ("/lanli/medical", "/lanli", False),
        ("/lanli/medical", "/lanli/medicals", False),
    ],
)
def test_a_path_covers_itself_and_what_lies_below(above: str, path: str, expected: bool) -> None:
    assert paths.covers(above, path) is expected


@given(PATHS, PATHS)
def test_what_lies_above_is_what_covers(one: str, other: str) -> None:
    assert paths.covers(one, other) == (one in paths.line_of(other))


def test_the_line_of_a_path_ends_above_every_group() -> None:
    assert paths.line_of("/lanli/medical/shops") == ("/lanli/medical/shops", "/lanli/medical", "/lanli", "/")
    assert paths.root_of("/lanli/medical/shops") == "/lanli"


def test_a_stranger_learns_nothing_and_a_colleague_is_told_no() -> None:
    with pytest.raises(NotFound):
        admit(actor("p", ("communications", CARE)), "communications", path=MEDICAL)
    with pytest.raises(Forbidden):
        admit(actor("p", ("operator", GROUP)), "communications", path=MEDICAL)
    admit(actor("p", ("communications", GROUP)), "communications", path=MEDICAL)


def attempt(grants: list[tuple[str, str]], role: str, path: str) -> type[Refusal] | None:
    try:
        require_hand_out(actor("me", *grants), "somebody", role, path)
    except Refusal as refusal:
        return type(refusal)
    return None


@given(st.lists(st.tuples(ROLES, PATHS), max_size=3), ROLES, PATHS)
def test_nobody_hands_out_more_than_they_hold(grants: list[tuple[str, str]], role: str, path: str) -> None:
    refusal = attempt(grants, role, path)
    administers = any(held in ADMINISTERS and paths.covers(at, path) for held, at in grants)
    holds_it = any(held == role and paths.covers(at, path) for held, at in grants)
    if refusal is None:
        assert administers and (role not in ADMINISTERS or holds_it)
    else:
        assert not administers or (role in ADMINISTERS and not holds_it)


def test_a_role_above_the_own_is_its_own_refusal() -> None:
    assert attempt([("communications", GROUP)], "engineer", MEDICAL) is RoleAboveOwn
    assert attempt([("engineer", MEDICAL)], "operator", CARE) is Forbidden
    assert attempt([("engineer", MEDICAL)], "operator", "/") is Forbidden


def test_nobody_changes_their_own_roles() -> None:
    with pytest.raises(OwnRoles):
        require_hand_out(actor("me", ("engineer", "/")), "me", "custodian", MEDICAL)


def test_a_role_is_granted_once_and_revoked_once() -> None:
    somebody = person("p")
    somebody.grant("operator", MEDICAL, stamp())
    assert somebody.holds("operator", path="/lanli/medical/shops") and not somebody.holds("operator", path=GROUP)
    with pytest.raises(RoleHeldAlready):
        somebody.grant("operator", MEDICAL, stamp())
    somebody.revoke("operator", MEDICAL)
    with pytest.raises(RoleNotHeld):
        somebody.revoke("operator", MEDICAL)


@given(st.lists(PATHS, max_size=3), st.one_of(st.none(), PATHS), PATHS)
def test_narrowing_never_shows_more_and_never_hides_what_was_asked_for(
    held: list[str], wish: str | None, path: str
) -> None:
    before = any(paths.covers(one, path) for one in held)
    after = any(paths.covers(one, path) for one in narrowed(held, wish))
    assert after == (before and (wish is None or paths.covers(wish, path)))
