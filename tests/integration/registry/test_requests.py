"""Requests that are malformed, repeated, or somebody else's."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from contracts.registry import OpeningApplicationSubmitted, RoleGranted, RoleRevoked
from kit.mongo import Document
from tests.integration.registry.office import (
    CARE,
    GROUP,
    MEDICAL,
    STATEMENTS,
    Caller,
    Office,
    credentials,
    ok,
    password_of,
    proposal,
    refused,
)
from tests.support.services import House

WRITES = ("people", "units", "opening_applications", "official_accounts", "filings", "sealed_boxes", "outbox")


async def _counts(office: Office) -> dict[str, int]:
    database = office.gateway.database
    return {name: await database[name].count_documents({}) for name in (*WRITES, "idempotency", "filing_counters")}


async def _raw(caller: Caller, path: str, content: bytes, **headers: str) -> httpx.Response:
    usual = await caller.office.house.headers(caller.token)
    usual |= {"Content-Type": "application/json"} | headers
    return await caller.office.gateway.http.post(f"/registry{path}", content=content, headers=usual)


async def test_what_is_malformed_is_refused_and_leaves_nothing_behind(matrix: Office) -> None:
    operator, founder, path = matrix["medical-operator"], matrix["founder"], "/opening-applications"
    good = proposal() | {"unit_path": MEDICAL}
    before = await _counts(matrix)
    refused(await _raw(operator, path, b'{"unit_path": '), 400, "http.json_malformed")
    refused(await _raw(operator, path, b"\xff\xfe"), 400, "http.json_malformed")
    refused(await _raw(operator, path, b"x" * 2_000_001), 413, "http.body_too_large")
    bodies: list[Any] = [
        [],
        "text",
        None,
        good | {"surprise": 1},
        good | {"statements": STATEMENTS | {"surprise": ""}},
        good | {"statements": {name: text for name, text in STATEMENTS.items() if name != "layout"}},
        good | {"statements": STATEMENTS | {"layout": 7}},
        good | {"statements": STATEMENTS | {"layout": "长" * 2_001}},
        good | {"kind": "newspaper"},
        good | {"is_group_account": "yes"},
        good | {"account_name": ""},
        good | {"account_name": "一行\n两行"},
        good | {"account_name": {"$ne": ""}},
        good | {"unit_path": "lanli"},
        good | {"unit_path": "/lanli/../care"},
        good | {"unit_path": "/" + "/".join("abcdefgh")},
    ]
    for body in bodies:
        refused(await operator.post(path, body), 422, "http.body_invalid")
    refused(await _raw(operator, path, b'{"unit_path": "\\ud800"}'), 422, "http.body_invalid")
    refused(await operator.post("/opening-applications/x/approve", {"revision": "1"}), 422, "http.body_invalid")
    grant = {"role": "king", "path": MEDICAL}
    refused(await founder.post(f"/people/{operator.person_id}/roles", grant), 422, "http.body_invalid")
    refused(await founder.get("/people", role="king"), 422, "http.body_invalid")
    refused(await founder.get("/no-such-thing"), 404, "http.no_such_route")
    assert await _counts(matrix) == before


async def test_a_fault_never_repeats_what_was_sent(matrix: Office) -> None:
    secret = credentials() | {"app_secret": "not-a-form-of-wechats!"}
    answer = await matrix["medical-custodian"].post("/official-accounts/x/credentials", secret)
    said = refused(answer, 422, "http.body_invalid")
    assert said["details"]["faults"] == [{"where": ["body", "app_secret"], "fault": "string_pattern_mismatch"}]
    assert "not-a-form" not in answer.text


async def test_a_change_takes_a_key_and_a_json_body(matrix: Office) -> None:
    operator, path = matrix["medical-operator"], "/opening-applications"
    headers = {"Authorization": f"Bearer {operator.token}"}
    body = proposal() | {"unit_path": MEDICAL}
    without = await matrix.gateway.http.post(f"/registry{path}", json=body, headers=headers)
    refused(without, 400, "http.idempotency_key_missing")
    refused(await operator.post(path, body, key="short"), 422, "http.body_invalid")
    form = await _raw(operator, path, b"unit_path=/lanli/medical", **{"Content-Type": "text/plain"})
    refused(form, 422, "http.body_invalid")
    assert await matrix.gateway.database["opening_applications"].count_documents({}) == 0


async def test_a_request_that_comes_twenty_times_has_one_effect(house: House, matrix: Office) -> None:
    operator, body = matrix["medical-operator"], proposal() | {"unit_path": MEDICAL}
    calls = [operator.post("/opening-applications", body, key="submit-once-1") for _ in range(20)]
    answers = [ok(answer) for answer in await asyncio.gather(*calls)]
    assert len({answer["application_id"] for answer in answers}) == 1
    assert await matrix.gateway.database["opening_applications"].count_documents({}) == 1
    await house.event(OpeningApplicationSubmitted)
    assert len(await house.events(OpeningApplicationSubmitted)) == 1


async def test_a_key_stands_for_one_wish_of_one_person(matrix: Office) -> None:
    operator, head, path = matrix["medical-operator"], matrix["medical-head"], "/opening-applications"
    body = proposal() | {"unit_path": MEDICAL}
    first = ok(await operator.post(path, body, key="my-key-0001"))
    other = body | {"account_name": "澜栎医药二"}
    refused(await operator.post(path, other, key="my-key-0001"), 422, "http.idempotency_key_reused")
    second = ok(await head.post(path, body, key="my-key-0001"))
    assert first["application_id"] != second["application_id"]


async def test_a_refused_request_may_be_repeated_with_its_key(matrix: Office) -> None:
    made = ok(await matrix["medical-operator"].post("/opening-applications", proposal() | {"unit_path": MEDICAL}))
    where, operator = f"/opening-applications/{made['application_id']}", matrix["medical-operator"]
    body = {"original_id": "gh_0123456789ab", "verified": True}
    answer = await operator.post(f"{where}/register", body, key="register-1")
    refused(answer, 409, "registry.application_not_approved")
    ok(await matrix["officer"].post(f"{where}/approve"))
    ok(await operator.post(f"{where}/register", body, key="register-1"))


async def test_people_are_registered_once_and_their_passwords_are_checked(matrix: Office) -> None:
    founder = matrix["founder"]
    body = {"login": "Newcomer", "display_name": "新人", "unit_path": CARE, "password": password_of("x")}
    refused(await founder.post("/people", body | {"password": "short"}), 422, "registry.password_too_weak")
    refused(await founder.post("/people", body | {"login": "新人"}), 422, "registry.login_malformed")
    refused(await founder.post("/people", body | {"unit_path": "/lanli/none"}), 422, "registry.path_unknown")
    first = ok(await founder.post("/people", body, key="newcomer-1"))
    assert first["login"] == "newcomer"
    assert ok(await founder.post("/people", body, key="newcomer-1")) == first
    other = body | {"password": password_of("y")}
    refused(await founder.post("/people", other, key="newcomer-1"), 422, "http.idempotency_key_reused")
    refused(await founder.post("/people", body), 409, "registry.login_taken")
    refused(await matrix["medical-head"].post("/people", body), 403, "auth.forbidden")
    rows: list[Document] = await matrix.gateway.database["people"].find({"login": "newcomer"}).to_list(2)
    assert len(rows) == 1 and rows[0]["password_hash"].startswith("$argon2id$")


async def test_roles_are_granted_and_revoked_with_authority_only(house: House, matrix: Office) -> None:
    officer, founder, operator = matrix["officer"], matrix["founder"], matrix["medical-operator"]
    roles = f"/people/{operator.person_id}/roles"
    head = {"role": "head", "path": MEDICAL}
    refused(await operator.post(roles, head), 403, "auth.forbidden")
    refused(await officer.post(roles, {"role": "engineer", "path": GROUP}), 403, "registry.role_above_own")
    refused(await officer.post(roles, {"role": "head", "path": "/"}), 403, "auth.forbidden")
    refused(await founder.post(f"/people/{founder.person_id}/roles", head), 403, "registry.own_roles")
    refused(await founder.post(roles, {"role": "head", "path": "/lanli/none"}), 422, "registry.path_unknown")
    refused(await founder.post("/people/nobody/roles", head), 404, "not_found")
    assert len(ok(await officer.post(roles, head))["roles"]) == 2
    refused(await officer.post(roles, head), 409, "registry.role_held_already")
    await house.event(RoleGranted, lambda event: event.person_id == operator.person_id and event.role == "head")
    gone = ok(await officer.delete(roles, head, key="revoke-head-1"))
    assert gone["roles"] == [{"role": "operator", "path": MEDICAL}]
    assert ok(await officer.delete(roles, head, key="revoke-head-1")) == gone
    other = head | {"role": "operator"}
    refused(await officer.delete(roles, other, key="revoke-head-1"), 422, "http.idempotency_key_reused")
    refused(await officer.delete(roles, head), 404, "registry.role_not_held")
    assert (await house.event(RoleRevoked)).path == MEDICAL


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"steps": []}, 422, "registry.process_incomplete"),
        ({"editor_ids": ["nobody"]}, 422, "registry.person_unknown"),
        ({"publisher_ids": ["care-operator"]}, 422, "registry.person_without_role"),
        ({"editor_ids": ["medical-head"]}, 422, "registry.editor_reviews_alone"),
        ({"unit_path": CARE}, 403, "auth.forbidden"),
        ({"editor_ids": "x"}, 422, "http.body_invalid"),
    ],
)
async def test_a_process_that_cannot_run_is_not_filed(
    matrix: Office, changes: dict[str, Any], status: int, code: str
) -> None:
    operator = matrix["medical-operator"]
    head = [matrix["medical-head"].person_id]
    body = {
        "unit_path": MEDICAL,
        "editor_ids": [operator.person_id],
        "steps": [{"name": "终审", "mode": "all_of", "person_ids": head}],
        "publisher_ids": [operator.person_id],
    }
    known = {login: caller.person_id for login, caller in matrix.callers.items()}
    named = {
        field: [known.get(login, login) for login in value] if isinstance(value, list) else value
        for field, value in changes.items()
    }
    refused(await operator.post("/operating-processes", body | named), status, code)
    assert await matrix.gateway.database["filings"].count_documents({}) == 0
    assert await matrix.gateway.database["filing_counters"].count_documents({}) == 0
