"""Persons as review knows them, from registry's facts, and what the reader of a case may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kit.auth import Grant

# In which capacity somebody signs, the strongest first: (role, capacity).
CAPACITIES = (("head", "head"), ("communications", "communications"), ("operator", "responsible_person"))
READING_ROLES = ("head", "communications", "operator", "auditor")


@dataclass(frozen=True)
class Person:
    """Somebody registered; `grants` are roles for a unit and all below it."""

    person_id: str
    display_name: str
    grants: frozenset[Grant] = frozenset()

    def capacity_at(self, unit_path: str) -> str | None:
        """As what the person may sign for the unit; None: not at all."""
        held = {grant.role for grant in self.grants if grant.covers(unit_path)}
        return next((capacity for role, capacity in CAPACITIES if role in held), None)


People: TypeAlias = Mapping[str, Person]
"""Persons by id; whoever is missing is not registered."""


@dataclass(frozen=True)
class Viewer:
    """Who asks to see a case, and below which units the person may read everything."""

    person_id: str
    paths: tuple[str, ...]

    def may_see(self, unit_path: str, participants: frozenset[str]) -> bool:
        """True for those who take part in the case and for readers of its unit."""
        return self.person_id in participants or bool(set(self.paths) & set(lineage_of(unit_path)))


def lineage_of(unit_path: str) -> tuple[str, ...]:
    """The root, every unit above, and the unit itself: `/a/b` gives `/`, `/a`, `/a/b`."""
    names = [name for name in unit_path.split("/") if name]
    return ("/", *("/" + "/".join(names[: depth + 1]) for depth in range(len(names))))


def tidy_path(path: str) -> str:
    """The path as `lineage_of` spells it."""
    return lineage_of(path)[-1]
