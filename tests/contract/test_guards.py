"""The guards of the documents themselves: what they are there to notice is planted, and they notice it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Request

from contracts.asks import Ask
from kit.auth import Principal
from kit.web import Member, OncePerCaller, Person, Visitor, signed_in_person
from stack.generate.files import NotAdditive, check, write
from stack.generate.guards import admitted, asks_for_key, unlisted
from stack.generate.openapi import routes_of
from stack.generate.schemas import question_schema
from tests.contract.test_documents import dangling

PAGE = "docs/events.md"


async def quietly(request: Request) -> Principal:
    """Asks by itself, where FastAPI cannot see it."""
    return await signed_in_person(request)


def dependant_of(endpoint: Any) -> Any:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_api_route("/here", endpoint)
    return routes_of(app)[0].dependant


def by_person(_: Person) -> None: ...


def by_member_though_guests_may_read(_: Visitor, __: Member) -> None: ...


def by_anybody(_: Visitor) -> None: ...


def without_guard() -> None: ...


def with_key(_: OncePerCaller) -> None: ...


def with_hidden_guard(_: Annotated[Principal, Depends(quietly)]) -> None: ...


@pytest.mark.parametrize(
    ("endpoint", "kinds"),
    [
        (by_person, {"person"}),
        (by_member_though_guests_may_read, {"member"}),
        (by_anybody, {"member", "guest"}),
        (without_guard, None),
        (with_key, None),
    ],
)
def test_who_gets_past_the_guards(endpoint: Any, kinds: set[str] | None) -> None:
    assert admitted(dependant_of(endpoint)) == kinds
    assert unlisted(dependant_of(endpoint)) == set()
    assert asks_for_key(dependant_of(endpoint)) == (endpoint is with_key)


def test_guard_that_hides_is_found() -> None:
    assert admitted(dependant_of(with_hidden_guard)) is None
    assert unlisted(dependant_of(with_hidden_guard)) == {f"{__name__}.quietly asks signed_in_person"}


def test_reference_to_nothing_is_found(tmp_path: Path) -> None:
    document = tmp_path / "document.json"
    sound, broken = {"$ref": "#/there"}, {"$ref": "#/nowhere"}
    document.write_text(json.dumps({"there": {}, "one": sound, "two": [broken, {"$ref": "other.json#/x"}]}))
    assert dangling(document) == ["#/nowhere", "other.json#/x"]


def test_file_that_is_missing_or_edited_is_named(tmp_path: Path) -> None:
    assert check([PAGE], tmp_path) == [PAGE]
    assert write([PAGE], tmp_path) == [PAGE]
    assert check([PAGE], tmp_path) == []
    page = tmp_path / PAGE
    page.write_text(page.read_text(encoding="utf-8") + "\nedited by hand\n", encoding="utf-8")
    assert check([PAGE], tmp_path) == [PAGE]


def test_sealed_sample_that_was_changed_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "contracts" / "samples"
    folder.mkdir(parents=True)
    (folder / "store.box.packed.v1.1.json").write_text('{"id": "1"}')
    assert write(["contracts/samples"], tmp_path) == ["contracts/samples/SHA256SUMS"]
    (folder / "store.box.packed.v1.2.json").write_text('{"id": "2"}')
    assert check(["contracts/samples"], tmp_path) == ["contracts/samples/SHA256SUMS"]
    write(["contracts/samples"], tmp_path)
    (folder / "store.box.packed.v1.1.json").write_text('{"id": "one"}')
    with pytest.raises(NotAdditive, match=r"store\.box\.packed\.v1\.1\.json"):
        check(["contracts/samples"], tmp_path)


def test_question_has_to_name_the_model_of_its_answer() -> None:
    class WhereIsTheBox(Ask, subject="ask.store.where_is_the_box.v1"):
        box_id: str

    with pytest.raises(TypeError, match="WhereIsTheBox"):
        question_schema(WhereIsTheBox)
