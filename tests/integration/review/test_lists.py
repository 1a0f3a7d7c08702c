"""Inboxes: what waits for whom, page by page, and nothing of other units."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.review.office import Office, start, submitted
from tests.support.services import House, eventually
from tests.unit.review.shapes import UNIT, payload

FINANCE = "/hengyuan/finance"


@pytest.fixture
async def office(house: House) -> Office:
    """Seven cases of one unit wait for its head, three of another for theirs, and one unit has no process."""
    office = await start(house)
    await office.employ("head")
    await office.employ("banker", path=FINANCE)
    await office.file(("审核", "any_of", ["head"]))
    await office.file(("审核", "any_of", ["banker"]), unit_path=FINANCE)
    await office.settled()
    for number in range(7):
        await office.submit(payload(f"第 {number} 期"), issue_id=f"medical-{number}")
    for number in range(3):
        await office.submit(issue_id=f"finance-{number}", unit_path=FINANCE)
    await office.submit(issue_id="travel", unit_path="/hengyuan/travel")

    async def look() -> bool:
        return await office.gateway.database["cases"].count_documents({}) == 11

    await eventually(look, "eleven cases")
    return office


async def everything(office: Office, person_id: str, *grants: tuple[str, str], **query: Any) -> list[dict[str, Any]]:
    """All pages, three rows each."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        answer = await office.get("/cases", person_id, *grants, limit=3, **cursor, **query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= 3
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def test_pages_have_every_case_once_and_the_newest_first(office: Office) -> None:
    rows = await everything(office, "head", waiting_for_me=True)
    assert sorted(row["subject_id"] for row in rows) == [f"medical-{number}" for number in range(7)]
    assert [row["case_id"] for row in rows] == sorted((row["case_id"] for row in rows), reverse=True)
    assert all(row["waiting_for_me"] and row["current_step"] == 1 for row in rows)
    assert {row["title"] for row in rows} == {f"第 {number} 期" for number in range(7)}


async def test_a_case_that_comes_between_two_pages_repeats_none(office: Office) -> None:
    first = (await office.get("/cases", "head", limit=3)).json()
    await office.open_case(issue_id="medical-new")
    second = (await office.get("/cases", "head", limit=100, cursor=first["next_cursor"])).json()
    seen = [row["subject_id"] for row in first["items"] + second["items"]]
    assert sorted(seen) == [f"medical-{number}" for number in range(7)]


async def test_lists_are_narrowed_to_what_the_caller_may_see(office: Office) -> None:
    async def units(person_id: str, *grants: tuple[str, str]) -> set[str]:
        return {row["unit_path"] for row in await everything(office, person_id, *grants)}

    assert await units("stranger") == set()
    assert await units("stranger", ("head", "/hengyuan/fin")) == set()
    assert await units("stranger", ("custodian", "/")) == set()
    assert await units("banker") == {FINANCE}
    assert await units("reader", ("auditor", UNIT)) == {UNIT}
    assert await units("reader", ("communications", "/")) == {UNIT, FINANCE, "/hengyuan/travel"}
    assert len(await everything(office, "operator")) == 11, "the author sees his own"


async def test_filters_narrow_further(office: Office) -> None:
    all_of_it = ("communications", "/")
    assert [row["subject_id"] for row in await everything(office, "x", all_of_it, state="unroutable")] == ["travel"]
    assert len(await everything(office, "x", all_of_it, subject_id="finance-1")) == 1
    assert await everything(office, "x", all_of_it, account_id="another") == []
    assert len(await everything(office, "x", all_of_it, account_id="account")) == 11
    assert await everything(office, "x", all_of_it, waiting_for_me=True) == []
    assert await everything(office, "banker", subject_id="medical-1") == []


async def test_counts_follow_the_decisions(office: Office) -> None:
    before = (await office.get("/cases/counts", "head")).json()
    rows = await everything(office, "head", waiting_for_me=True)
    assert (before["waiting_for_me"], before["states"]["open"]) == (7, 7)
    assert before["oldest_waiting_since"] == rows[-1]["opened_at"]
    for row, what in zip(rows, ("approve", "reject", "return"), strict=False):
        body = {"digest": row["digest"]} | ({} if what == "approve" else {"reason": "不妥"})
        await office.say(what, row["case_id"], "head", body)
    after = (await office.get("/cases/counts", "head")).json()
    assert after["waiting_for_me"] == 4
    assert after["states"] == {"open": 4, "unroutable": 0, "approved": 1, "rejected": 1, "returned": 1, "voided": 0}
    nobody = (await office.get("/cases/counts", "stranger")).json()
    assert (nobody["waiting_for_me"], nobody["oldest_waiting_since"], set(nobody["states"].values())) == (0, None, {0})


async def test_queries_that_make_no_sense_are_refused(house: House) -> None:
    office = await start(house)
    for cursor in ("nonsense", "WzFd", "WyJcdWQ4MDAiXQ"):  # no JSON; [1]; a lone surrogate
        answer = await office.get("/cases", "head", cursor=cursor)
        assert (answer.status_code, answer.json()["code"]) == (400, "http.cursor_invalid"), cursor
    for query in ({"limit": 0}, {"limit": 101}, {"state": "lost"}, {"subject_id": "x" * 65}):
        answer = await office.get("/cases", "head", **query)
        assert (answer.status_code, answer.json()["code"]) == (422, "http.body_invalid"), query


async def test_the_digest_of_a_row_is_that_of_its_submission(office: Office) -> None:
    row = (await everything(office, "head", subject_id="medical-3"))[0]
    assert row["digest"] == submitted(payload("第 3 期")).digest
