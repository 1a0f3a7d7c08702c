"""Whatever is sent to whatever address: an answer, and never a fault of ours."""

from __future__ import annotations

import pytest

from kit.ids import new_id
from tests.integration.micro_community.conftest import Town
from tests.support.any_request import cases_of, send, told

LEFT_OUT = ("/stream", "/oauth/callback")


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_no_request_is_answered_with_a_fault(town: Town) -> None:
    member, staff = await town.follower("o-member"), await town.staff()
    await town.rule(per_address_per_minute=100_000)
    post_id = (await member.post("/posts", {"text": "被乱按的帖子"})).json()["post_id"]
    cases = await cases_of((await town.http.get("/community/openapi.json")).json(), left_out=_left_out)
    assert len(cases) > 200
    faults: list[str] = []
    for number, case in enumerate(cases):
        caller = (member, staff)[number % 2]
        known = {"account_id": town.first, "post_id": post_id, "item_id": post_id, "member_id": caller.member_id or "m"}
        answer = await send(town.http, case, known=known, headers=caller.headers(new_id()))
        if answer.status_code >= 500:
            faults.append(told(case, answer))
    assert faults == []


def _left_out(method: str, path: str) -> bool:
    return path.endswith(LEFT_OUT) or (method == "delete" and path.endswith("/me"))
