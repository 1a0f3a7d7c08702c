"""Pages: whole, in order, and stable while things are added."""

from __future__ import annotations

from typing import Any

import pytest

from kit.web import write_cursor
from tests.integration.registry.office import COMMUNICATIONS, GROUP, MEDICAL, Caller, Office, ok, proposal, refused


async def _pages(caller: Caller, path: str, limit: int, **query: Any) -> list[list[dict[str, Any]]]:
    found, cursor = [], None
    while True:
        asked = query | ({"cursor": cursor} if cursor else {})
        said = ok(await caller.get(path, limit=limit, **asked))
        found.append(said["items"])
        cursor = said["next_cursor"]
        if cursor is None:
            return found


async def test_a_list_is_read_page_by_page_and_what_is_added_meanwhile_disturbs_nothing(matrix: Office) -> None:
    operator = matrix["medical-operator"]
    ids = []
    for number in range(7):
        body = proposal(account_name=f"澜栎医药{number}") | {"unit_path": MEDICAL}
        ids.append(ok(await operator.post("/opening-applications", body))["application_id"])
    first = ok(await operator.get("/opening-applications", limit=3))
    ok(await operator.post("/opening-applications", proposal() | {"unit_path": MEDICAL}))
    second = ok(await operator.get("/opening-applications", limit=3, cursor=first["next_cursor"]))
    third = ok(await operator.get("/opening-applications", limit=3, cursor=second["next_cursor"]))
    seen = [item["application_id"] for page in (first, second, third) for item in page["items"]]
    assert seen == list(reversed(ids)) and third["next_cursor"] is None
    returned = ok(await operator.get("/opening-applications", state="returned"))
    assert returned == {"items": [], "next_cursor": None}


async def test_people_and_units_are_paged_by_name(matrix: Office) -> None:
    pages = await _pages(matrix["founder"], "/people", 2)
    logins = [person["login"] for page in pages for person in page]
    assert logins == sorted(matrix.callers) and [len(page) for page in pages[:-1]] == [2] * (len(pages) - 1)
    paths = [unit["path"] for page in await _pages(matrix["founder"], "/units", 1) for unit in page]
    assert paths == sorted([GROUP, COMMUNICATIONS, MEDICAL, "/lanli/care"])


async def test_people_are_known_to_their_own_part_of_the_tree(matrix: Office) -> None:
    logins = [person["login"] for person in ok(await matrix["medical-operator"].get("/people"))["items"]]
    assert "care-operator" not in logins
    assert {"medical-head", "medical-operator", "medical-custodian", "officer", "founder"} == set(logins)
    heads = ok(await matrix["medical-operator"].get("/people", role="head"))["items"]
    assert [person["display_name"] for person in heads] == ["医药负责人"]
    care, me = matrix["care-operator"], matrix["medical-operator"]
    refused(await me.get(f"/people/{care.person_id}"), 404, "not_found")
    assert ok(await me.get(f"/people/{me.person_id}"))["login"] == "medical-operator"
    newcomer = await matrix.hire("newcomer", MEDICAL)
    assert ok(await newcomer.get("/people"))["items"] == []
    assert ok(await newcomer.get(f"/people/{newcomer.person_id}"))["roles"] == []


async def test_the_rules_are_data_with_their_clauses(matrix: Office) -> None:
    rules = ok(await matrix["medical-operator"].get("/rules"))["items"]
    assert [(rule["name"], rule["clause"], rule["parameters"]) for rule in rules] == [
        ("dormancy", "§4.1", {"days": 14}),
        ("intro_length", "§4.6", {"fewest": 4, "most": 120}),
        ("name_prefix", "§4.5", {}),
        ("standard_intro", "§4.6", {}),
    ]


@pytest.mark.parametrize(
    "cursor",
    ["%%%", "bm90IGpzb24", write_cursor("a", "b"), write_cursor(1), write_cursor(10**30), write_cursor("a", 10**30)],
)
async def test_a_cursor_that_was_never_given_is_refused(office: Office, cursor: str) -> None:
    refused(await office["founder"].get("/opening-applications", cursor=cursor), 400, "http.cursor_invalid")
    refused(await office["founder"].get("/filings", cursor=cursor), 400, "http.cursor_invalid")


async def test_pages_have_a_size(office: Office) -> None:
    for limit in ("0", "101", "x"):
        refused(await office["founder"].get("/people", limit=limit), 422, "http.body_invalid")
