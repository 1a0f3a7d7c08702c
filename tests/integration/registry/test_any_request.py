"""Whatever is sent to whatever address: an answer, and never a fault of ours."""

from __future__ import annotations

import pytest

from kit.ids import new_id
from tests.integration.registry.office import CARE, Office, ok, proposal
from tests.support.any_request import cases_of, send, told


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_no_request_is_answered_with_a_fault(matrix: Office) -> None:
    http = matrix.gateway.http
    await matrix.publisher_key()
    account_id = await matrix.account()
    waiting = ok(await matrix["care-operator"].post("/opening-applications", _proposal()))
    known = {
        "account_id": account_id,
        "application_id": waiting["application_id"],
        "person_id": matrix["auditor"].person_id,
    }
    document = (await http.get("/registry/openapi.json")).json()
    cases = await cases_of(document, left_out=_ends_the_session)
    assert {case.operation.path for case in cases} == set(document["paths"])
    callers = [matrix[login] for login in ("founder", "officer", "medical-operator", "medical-custodian")]
    faults: list[str] = []
    for number, case in enumerate(cases):
        headers = await matrix.house.headers(callers[number % len(callers)].token, key=new_id())
        answer = await send(http, case, known=known, headers=headers)
        http.cookies.clear()
        if answer.status_code >= 500:
            faults.append(told(case, answer))
    assert faults == []
    assert (await http.get("/readyz")).json()["ready"]


def _proposal() -> dict[str, object]:
    return proposal(account_name="澜栎医养") | {"unit_path": CARE}


def _ends_the_session(method: str, path: str) -> bool:
    return method == "delete" and path.endswith("/session")
