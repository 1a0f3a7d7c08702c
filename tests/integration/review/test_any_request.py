"""Whatever is sent to whatever address: an answer, and never a fault of ours."""

from __future__ import annotations

import pytest

from kit.ids import new_id
from tests.integration.review.office import start
from tests.support.any_request import cases_of, send, told
from tests.support.services import House
from tests.unit.review.shapes import UNIT


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_no_request_is_answered_with_a_fault(house: House) -> None:
    office = await start(house)
    await office.ready("head", "deputy", mode="all_of")
    case_id = (await office.open_case()).case_id
    http = office.gateway.http
    document = (await http.get("/review/openapi.json")).json()
    cases = await cases_of(document)
    assert {case.operation.path for case in cases} == set(document["paths"])
    people = [("head", ("head", UNIT)), ("deputy", ("auditor", "/")), ("operator", ("operator", UNIT))]
    faults: list[str] = []
    for number, case in enumerate(cases):
        person, grant = people[number % len(people)]
        headers = await office.headers(person, grant, key=new_id())
        answer = await send(http, case, known={"case_id": case_id}, headers=headers)
        if answer.status_code >= 500:
            faults.append(told(case, answer))
    assert faults == []
    case_now = await office.document(case_id)
    assert case_now["state"] == "open", "no word was given to a digest that nobody saw"
