"""Units and people."""

from __future__ import annotations

from collections.abc import Sequence

from kit.mongo import Database, Document
from kit.refusal import NotFound
from kit.web import Page
from services.registry.domain.authority import RESPONSIBLE
from services.registry.domain.paths import line_of
from services.registry.domain.words import Role
from services.registry.queries.listing import Order, list_page, within
from services.registry.schemas.responses import Listing, PersonView, UnitView

BY_PATH = Order(("path",), (str,), newest_first=False)
BY_LOGIN = Order(("login",), (str,), newest_first=False)


async def find_session(database: Database, digest: str) -> tuple[PersonView, Document] | None:
    """The person whose session that is, with today's roles, and the session; None if it has ended."""
    session = await database["sessions"].find_one({"_id": digest})
    if session is None:
        return None
    person = await database["people"].find_one({"_id": session["person_id"]})
    return None if person is None else (person_view(person), session)


async def find_login(database: Database, login: str) -> tuple[str, str] | None:
    """Person id and password hash of who signs in by that name."""
    person = await database["people"].find_one({"login": login}, {"password_hash": 1})
    return None if person is None else (person["_id"], person["password_hash"])


async def password_hash_of(database: Database, person_id: str) -> str:
    """Raises NotFound."""
    person = await database["people"].find_one({"_id": person_id}, {"password_hash": 1})
    if person is None:
        raise NotFound
    return str(person["password_hash"])


async def anybody(database: Database) -> bool:
    """True if somebody is registered."""
    return await database["people"].find_one({}, {"_id": 1}) is not None


async def list_units(database: Database, paths: Sequence[str], page: Page) -> Listing[UnitView]:
    """Units that the caller may see, by path."""
    return await list_page(database["units"], within(paths, "path"), page, BY_PATH, unit_view)


async def list_people(
    database: Database, paths: Sequence[str], page: Page, *, role: Role | None = None
) -> Listing[PersonView]:
    """People who belong to the caller's part of the tree or hold a role in it, and the heads and officers above."""
    query: Document = {"$and": [_known_at(paths), {"roles.role": role} if role else {}]}
    return await list_page(database["people"], query, page, BY_LOGIN, person_view)


async def show_person(database: Database, paths: Sequence[str], person_id: str, *, viewer: str) -> PersonView:
    """Everybody may look at themselves. Raises NotFound."""
    known = {} if person_id == viewer else _known_at(paths)
    person = await database["people"].find_one({"$and": [{"_id": person_id}, known]})
    if person is None:
        raise NotFound
    return person_view(person)


async def show_self(database: Database, person_id: str) -> PersonView:
    """Anybody may see who they are. Raises NotFound."""
    person = await database["people"].find_one({"_id": person_id})
    if person is None:
        raise NotFound
    return person_view(person)


def person_view(person: Document) -> PersonView:
    return PersonView.model_validate({**person, "person_id": person["_id"]})


def unit_view(unit: Document) -> UnitView:
    return UnitView.model_validate({**unit, "unit_id": unit["_id"]})


def _known_at(paths: Sequence[str]) -> Document:
    above = sorted({above for path in paths for above in line_of(path)})
    responsible = {"roles": {"$elemMatch": {"role": {"$in": list(RESPONSIBLE)}, "path": {"$in": above}}}}
    return {"$or": [within(paths, "unit_path"), _with_role_within(paths), responsible]}


def _with_role_within(paths: Sequence[str]) -> Document:
    """People with a role somewhere in the paths. Both ends of a range have to fit one and the same role."""
    alternatives = within(paths, "path").get("$or")
    if alternatives is None:
        return within(paths, "roles.path")
    return {"$or": [{"roles": {"$elemMatch": alternative}} for alternative in alternatives]}
