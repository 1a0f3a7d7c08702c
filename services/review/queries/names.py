"""Names of persons, looked up once per answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit.mongo import Database
from services.review.schemas import PersonView


@dataclass(frozen=True)
class Names:
    """Display names by person id; somebody unknown goes by the id."""

    known: dict[str, str]

    def of(self, person_id: str) -> PersonView:
        return PersonView(person_id=person_id, display_name=self.known.get(person_id, person_id))

    def each(self, person_ids: Iterable[str]) -> list[PersonView]:
        return [self.of(person_id) for person_id in person_ids]


async def names_of(database: Database, person_ids: Iterable[str]) -> Names:
    """The names of these persons."""
    query = {"_id": {"$in": sorted(set(person_ids))}, "display_name": {"$exists": True}}
    return Names({row["_id"]: row["display_name"] async for row in database["people"].find(query, {"display_name": 1})})
