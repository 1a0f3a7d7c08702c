"""Who a case waits for, and what becomes of it when nobody can decide."""

from __future__ import annotations

import pytest

from contracts.review import CaseOpened, CaseUnroutable, PermitGranted
from tests.integration.review.office import Office, start, submitted
from tests.support.services import House
from tests.unit.review.shapes import UNIT


@pytest.fixture
async def office(house: House) -> Office:
    return await start(house)


async def unroutable(office: Office, code: str) -> CaseUnroutable:
    return await office.house.event(CaseUnroutable, lambda found: found.reason_code == code)


async def test_a_unit_without_a_process_waits_until_one_is_filed(office: Office) -> None:
    await office.employ("head")
    await office.file(("审核", "any_of", ["head"]), unit_path="/hengyuan")
    await office.settled()
    await office.submit()
    stuck = await unroutable(office, "review.no_process")
    assert "备案" in stuck.reason
    answer = await office.say("approve", stuck.case_id, "head", {"digest": submitted().digest}, ("head", UNIT))
    assert (answer.status_code, answer.json()["code"]) == (409, "review.case_unroutable")
    await office.file(("审核", "any_of", ["head"]))
    case = await office.house.event(CaseOpened)
    assert (case.case_id, case.process_id) == (stuck.case_id, "process-2")
    assert await office.approved(case, "head")


async def test_a_process_of_the_author_alone_is_no_route(office: Office) -> None:
    await office.employ("operator", role="operator")
    await office.employ("head")
    await office.file(("初审", "any_of", ["head"]), ("终审", "all_of", ["operator"]))
    await office.settled()
    await office.submit()
    stuck = await unroutable(office, "review.step_without_candidate")
    assert "终审" in stuck.reason
    shown = (await office.get(f"/cases/{stuck.case_id}", "operator")).json()
    assert (shown["state"], shown["reason"]) == ("unroutable", stuck.reason)
    await office.file(("终审", "all_of", ["operator", "head"]))
    case = await office.house.event(CaseOpened)
    assert case.waiting_for == ("head",)
    shown = (await office.get(f"/cases/{case.case_id}", "operator")).json()
    assert [person["person_id"] for person in shown["steps"][0]["excluded"]] == ["operator"]


async def test_the_latest_filing_of_the_unit_counts(office: Office) -> None:
    await office.employ("head", "deputy")
    await office.file(("审核", "any_of", ["head"]))
    first = await office.open_case()
    await office.file(("审核", "any_of", ["deputy"]))
    await office.settled()
    second = await office.open_case(issue_id="second")
    assert (first.waiting_for, second.waiting_for) == (("head",), ("deputy",))
    assert await office.approved(first, "head"), "a case under way keeps the process that it was opened under"


async def test_roles_that_come_after_the_submission_give_it_a_route(office: Office) -> None:
    await office.file(("审核", "any_of", ["head"]))
    await office.settled()
    await office.submit()
    stuck = await unroutable(office, "review.responsible_person_without_role")
    await office.employ("head", role="head", path="/hengyuan")
    case = await office.house.event(CaseOpened)
    assert case.case_id == stuck.case_id
    assert await office.approved(case, "head")


async def test_a_lost_role_ends_the_right_to_decide_and_says_so(office: Office) -> None:
    await office.ready("head", "deputy")
    case = await office.open_case()
    await office.revoke("head")
    await office.settled()
    answer = await office.say("approve", case.case_id, "head", {"digest": case.digest}, ("head", UNIT))
    assert (answer.status_code, answer.json()["code"]) == (403, "review.not_your_turn"), "whatever the token says"
    await office.revoke("deputy")
    stuck = await unroutable(office, "review.responsible_person_without_role")
    assert stuck.case_id == case.case_id
    assert await office.house.events(PermitGranted) == []
    await office.grant("deputy")
    again = await office.house.event(CaseOpened, lambda found: found.waiting_for == ("deputy",))
    assert await office.approved(again, "deputy")


async def test_a_role_held_above_is_not_lost_with_the_one_below(office: Office) -> None:
    await office.ready("head")
    await office.grant("head", path="/hengyuan")
    case = await office.open_case()
    await office.revoke("head")
    await office.settled()
    assert (await office.document(case.case_id))["waiting_for"] == ["head"]
    assert await office.approved(case, "head")
