"""Whatever is sent to whatever address: an answer, and never a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.generation.case import Case

from kit.ids import new_id
from tests.integration.micro_community.conftest import Follower, Town

LEFT_OUT = ("/stream", "/oauth/callback")


@pytest.mark.slow
async def test_no_request_is_answered_with_a_fault(town: Town) -> None:
    member, staff = await town.follower("o-member"), await town.staff()
    await town.rule(per_address_per_minute=100_000)
    post_id = (await member.post("/posts", {"text": "被乱按的帖子"})).json()["post_id"]
    document = (await town.http.get("/community/openapi.json")).json()
    cases = generated(document)
    assert len(cases) > 200
    faults: list[str] = []
    for number, case in enumerate(cases):
        caller = (member, staff)[number % 2]
        answer = await send(caller, case, town.first, post_id)
        if answer.status_code >= 500:
            faults.append(f"{case.method} {case.formatted_path} {answer.status_code} {case.body!r} {case.query!r}")
    assert faults == []


def generated(document: dict[str, object]) -> list[Case[Any]]:
    """A few cases of every operation, drawn from the service's own description of itself."""
    found: list[Case[Any]] = []
    schema = schemathesis.openapi.from_dict(document)
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if operation.path.endswith(LEFT_OUT) or (operation.method == "delete" and operation.path.endswith("/me")):
            continue

        @settings(
            max_examples=5,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def collect(case: Case[Any]) -> None:
            found.append(case)

        collect()
    return found


async def send(caller: Follower, case: Case[Any], account_id: str, post_id: str) -> httpx.Response:
    """As the caller, at addresses that exist, so that the request gets as far as it can."""
    known = {"account_id": account_id, "post_id": post_id, "item_id": post_id, "member_id": caller.member_id or "m"}
    parameters = dict(case.path_parameters or {})
    path = case.operation.path
    for name, value in (parameters | {key: known[key] for key in parameters if key in known}).items():
        path = path.replace("{" + name + "}", httpx.URL(f"http://x/{_segment(value)}").raw_path.decode().lstrip("/"))
    body = case.body if isinstance(case.body, (dict, list)) else None
    query = {name: str(value) for name, value in (case.query or {}).items()}
    return await caller.http.request(
        case.method,
        path,
        params=query,
        content=json.dumps(body) if body is not None else None,
        headers=caller.headers(new_id()) | {"Content-Type": "application/json"},
    )


def _segment(value: object) -> str:
    from urllib.parse import quote

    return quote(str(value), safe="") or "x"
