"""Bad requests and wrong callers: a 4xx problem with a stable code, and nothing stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from contracts.review import CaseOpened, PermitGranted
from kit.auth import Grant, Principal, Tokens
from kit.clock import SystemClock, to_milliseconds
from kit.ids import new_id
from kit.keys import SigningKey
from tests.integration.review.office import Office, start
from tests.support.services import House
from tests.unit.review.shapes import UNIT

DIGEST = "sha256:" + "0" * 64
MALFORMED = [
    (b"{", 400, "http.json_malformed"),
    (b"", 422, "http.body_invalid"),
    (b"[]", 422, "http.body_invalid"),
    (b"{}", 422, "http.body_invalid"),
    (b'{"digest": 7}', 422, "http.body_invalid"),
    (b'{"digest": "sha256:short"}', 422, "http.body_invalid"),
    (f'{{"digest": "{DIGEST.upper()}"}}'.encode(), 422, "http.body_invalid"),
    (f'{{"digest": "{DIGEST}", "force": true}}'.encode(), 422, "http.body_invalid"),
    (f'{{"digest": "{DIGEST}", "step": "1"}}'.encode(), 422, "http.body_invalid"),
    (f'{{"digest": "{DIGEST}", "step": 0}}'.encode(), 422, "http.body_invalid"),
    (f'{{"digest": "{DIGEST}", "comment": "{"长" * 2001}"}}'.encode(), 422, "http.body_invalid"),
    (f'{{"digest": "{DIGEST}", "comment": "\\ud800"}}'.encode(), 422, "http.body_invalid"),
    (b'{"digest": "' + b"0" * 2_100_000 + b'"}', 413, "http.body_too_large"),
]
STRANGERS: list[list[tuple[str, str]]] = [
    [],
    [("head", "/hengyuan/finance")],
    [("head", "/hengyuan/med")],
    [("head", UNIT + "/ward")],
    [("custodian", "/")],
    [("engineer", "/")],
]


class Yesterday:
    """A clock that is a day late."""

    def now(self) -> Any:
        return to_milliseconds(SystemClock().now() - timedelta(days=1))


@pytest.fixture
async def office(house: House) -> Office:
    office = await start(house)
    await office.ready("head")
    return office


@pytest.fixture
async def case(office: Office) -> CaseOpened:
    return await office.open_case()


async def untouched(office: Office, case: CaseOpened) -> bool:
    document = await office.document(case.case_id)
    return document["state"] == "open" and document["version"] == 1 and not await office.house.events(PermitGranted)


async def test_malformed_approvals_are_refused(office: Office, case: CaseOpened) -> None:
    url = f"/review/cases/{case.case_id}/approve"
    for body, status, code in MALFORMED:
        headers = await office.headers("head") | {"Content-Type": "application/json"}
        answer = await office.gateway.http.post(url, headers=headers, content=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body[:80]
        assert answer.headers["content-type"] == "application/problem+json"
    assert await untouched(office, case)


async def test_turning_down_takes_a_reason(office: Office, case: CaseOpened) -> None:
    for reason in ({}, {"reason": ""}, {"reason": "   "}, {"reason": "长" * 2001}, {"reason": 5}):
        for what in ("reject", "return"):
            answer = await office.say(what, case.case_id, "head", {"digest": case.digest} | reason)
            assert (answer.status_code, answer.json()["code"]) == (422, "http.body_invalid"), reason
    assert await untouched(office, case)


async def test_without_a_key_nothing_is_changed(office: Office, case: CaseOpened) -> None:
    headers = await office.headers("head")
    del headers["Idempotency-Key"]
    answer = await office.gateway.http.post(
        f"/review/cases/{case.case_id}/approve", headers=headers, json={"digest": case.digest}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "http.idempotency_key_missing")
    assert await untouched(office, case)


async def test_tokens_that_do_not_hold_are_refused(office: Office, case: CaseOpened) -> None:
    house = office.house
    registry = await house.signer("registry", "token")
    stranger = OKPKey.generate_key("Ed25519", private=True)
    head = Principal("head", "person", "冒充者", (Grant("head", UNIT),))
    tokens = Tokens(house.keyring, SystemClock())
    late = Tokens(house.keyring, Yesterday())
    hour = timedelta(hours=1)
    forged, _ = tokens.issue(SigningKey(stranger, registry.key_id), "registry", head, lasts=hour)
    unknown, _ = tokens.issue(SigningKey(stranger, stranger.thumbprint()), "registry", head, lasts=hour)
    expired, _ = late.issue(registry, "registry", head, lasts=hour)
    follower = await house.token("head", issuer="micro_community", tenant="account")
    whole = await house.token("head", ("head", UNIT))
    header, _, signature = whole.split(".")
    exchanged = ".".join([header, (await house.token("other")).split(".")[1], signature])
    for token, code in (
        (forged, "auth.token_invalid"),
        (unknown, "auth.token_invalid"),
        (expired, "auth.token_expired"),
        (follower, "auth.token_invalid"),
        (exchanged, "auth.token_invalid"),
        ("none.of.this", "auth.token_invalid"),
        (None, "auth.unauthenticated"),
    ):
        headers = await house.headers(token)
        url = f"/review/cases/{case.case_id}"
        for answer in (
            await office.gateway.http.post(f"{url}/approve", headers=headers, json={"digest": case.digest}),
            await office.gateway.http.get(url, headers=headers),
            await office.gateway.http.get("/review/audit", headers=headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert await untouched(office, case)


async def test_others_do_not_learn_that_the_case_exists(office: Office, case: CaseOpened) -> None:
    for grants in STRANGERS:
        missing = await office.get(f"/cases/{new_id()}", "stranger", *grants)
        there = await office.get(f"/cases/{case.case_id}", "stranger", *grants)
        assert missing.status_code == there.status_code == 404, grants
        assert {**missing.json(), "trace_id": None} == {**there.json(), "trace_id": None}
        for what, body in (("approve", {}), ("reject", {"reason": "不妥"}), ("return", {"reason": "不妥"})):
            answer = await office.say(what, case.case_id, "stranger", {"digest": case.digest} | body, *grants)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert await untouched(office, case)


async def test_readers_of_the_unit_see_it_and_decide_nothing(office: Office, case: CaseOpened) -> None:
    for role in ("head", "communications", "operator", "auditor"):
        for path in (UNIT, "/hengyuan", "/"):
            assert (await office.get(f"/cases/{case.case_id}", "reader", (role, path))).status_code == 200
            answer = await office.say("approve", case.case_id, "reader", {"digest": case.digest}, (role, path))
            assert (answer.status_code, answer.json()["code"]) == (403, "review.not_your_turn")
    assert await untouched(office, case)


async def test_an_unknown_route_and_method_are_problems(office: Office, case: CaseOpened) -> None:
    headers = await office.headers("head")
    for method, url, status in (
        ("GET", "/review/nothing", 404),
        ("DELETE", f"/review/cases/{case.case_id}", 405),
        ("GET", f"/review/cases/{case.case_id}/approve", 405),
    ):
        answer = await office.gateway.http.request(method, url, headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
