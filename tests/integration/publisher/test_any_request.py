"""Whatever is sent to whatever address: an answer, never a fault of ours, and never a send."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kit.ids import new_id
from tests.integration.publisher.newsroom import Newsroom
from tests.support.any_request import cases_of, send, told


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_no_request_is_answered_with_a_fault(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    draft = await newsroom.written(group, articles=1)
    later = newsroom.clock.now() + timedelta(hours=3)
    scheduled = await newsroom.submitted(group, articles=1, send_at=later.isoformat())
    await newsroom.grant(scheduled)
    order = await newsroom.order(scheduled, "ready")
    known = {
        "account_id": group.account_id,
        "mass_send_id": order["mass_send_id"],
        "sha256": draft["articles"][0]["cover"],
        "issue_id": draft["issue_id"],
    }
    http = newsroom.publisher.http
    document = (await http.get("/publisher/openapi.json")).json()
    cases = await cases_of(document)
    assert {case.operation.path for case in cases} == set(document["paths"])
    tokens = [await newsroom.operator("/"), await newsroom.operator("/", role="communications")]
    faults: list[str] = []
    for number, case in enumerate(cases):
        headers = await newsroom.house.headers(tokens[number % 2], key=new_id())
        answer = await send(http, case, known=known, headers=headers)
        if answer.status_code >= 500:
            faults.append(told(case, answer))
    assert faults == []
    assert await newsroom.calls(group, "message/mass/sendall") == []
