"""Opening applications through the gateway: who may do what, and what is refused."""

from __future__ import annotations

import pytest

from contracts.registry import OpeningApplicationRejected
from tests.integration.registry.office import (
    CARE,
    COMMUNICATIONS,
    MEDICAL,
    STATEMENTS,
    Office,
    ok,
    original_id,
    proposal,
    refused,
)
from tests.support.services import House

REGISTER = {"original_id": "gh_0123456789ab", "verified": True}


async def test_another_unit_sees_nothing_and_can_do_nothing(matrix: Office) -> None:
    application_id = await matrix.approved()
    stranger, where = matrix["care-operator"], f"/opening-applications/{application_id}"
    assert ok(await stranger.get("/opening-applications"))["items"] == []
    assert ok(await stranger.get("/opening-applications", unit_path=MEDICAL))["items"] == []
    refused(await stranger.get(where), 404, "not_found")
    refused(await stranger.get("/opening-applications/0000"), 404, "not_found")
    for path, body in (
        ("return", {"feedback": "请补充。"}),
        ("approve", {}),
        ("reject", {"reason": "不同意。"}),
        ("register", REGISTER),
    ):
        refused(await stranger.post(f"{where}/{path}", body), 404, "not_found")
    refused(await stranger.put(where, proposal()), 404, "not_found")
    submitted = await stranger.post("/opening-applications", proposal() | {"unit_path": MEDICAL})
    refused(submitted, 403, "auth.forbidden")


async def test_who_may_look_may_not_decide(matrix: Office) -> None:
    body = proposal() | {"unit_path": MEDICAL}
    made = ok(await matrix["medical-operator"].post("/opening-applications", body))
    where = f"/opening-applications/{made['application_id']}"
    for login in ("medical-operator", "medical-head", "medical-custodian", "auditor"):
        assert ok(await matrix[login].get(where))["account_name"] == "澜栎医药"
        refused(await matrix[login].post(f"{where}/approve"), 403, "auth.forbidden")
    for login in ("medical-custodian", "auditor", "officer"):
        refused(await matrix[login].put(where, proposal()), 403, "auth.forbidden")
        refused(await matrix[login].post("/opening-applications", body), 403, "auth.forbidden")


async def test_the_gaps_of_a_proposal_are_named_and_nothing_is_stored(matrix: Office) -> None:
    body = proposal(statements=STATEMENTS | {"layout": " ", "operators": ""}) | {"unit_path": MEDICAL}
    said = refused(
        await matrix["medical-operator"].post("/opening-applications", body), 422, "registry.statements_missing"
    )
    assert said["details"] == {"missing": ["layout", "operators"]} and said["clause"] == "§4.2"
    assert "基本版式、运营人员" in said["detail"]
    assert await matrix.gateway.database["opening_applications"].count_documents({}) == 0


async def test_the_introduction_has_a_length_and_name_and_introduction_are_advised_on(matrix: Office) -> None:
    operator = matrix["medical-operator"]
    short = proposal(intro="三个字") | {"unit_path": MEDICAL}
    refused(await operator.post("/opening-applications", short), 422, "registry.intro_length")
    odd = proposal(account_name="健康每一天", intro="与标准不同的简介") | {"unit_path": MEDICAL}
    made = ok(await operator.post("/opening-applications", odd))
    assert [(advice["rule"], advice["clause"]) for advice in made["advice"]] == [
        ("name_prefix", "§4.5"),
        ("standard_intro", "§4.6"),
    ]
    where = f"/opening-applications/{made['application_id']}"
    ok(await matrix["officer"].post(f"{where}/approve"))
    registered = ok(await operator.post(f"{where}/register", REGISTER))
    account = ok(await operator.get(f"/official-accounts/{registered['account_id']}"))
    assert sorted(finding["rule"] for finding in account["findings"]) == ["name_prefix", "standard_intro"]
    assert account["open_findings"] == 2
    listed = ok(await matrix["auditor"].get("/findings", state="open"))["items"]
    assert {finding["account_id"] for finding in listed} == {registered["account_id"]}
    assert ok(await matrix["care-operator"].get("/findings"))["items"] == []


async def test_a_rejected_application_stays_rejected(house: House, matrix: Office) -> None:
    operator, officer = matrix["medical-operator"], matrix["officer"]
    made = ok(await operator.post("/opening-applications", proposal() | {"unit_path": MEDICAL}))
    where = f"/opening-applications/{made['application_id']}"
    refused(await officer.post(f"{where}/reject", {"reason": " "}), 422, "registry.text_missing")
    ok(await officer.post(f"{where}/reject", {"reason": "与已有账号重复。"}))
    assert (await house.event(OpeningApplicationRejected)).reason == "与已有账号重复。"
    refused(await officer.post(f"{where}/approve"), 409, "registry.application_decided")
    refused(await operator.put(where, proposal()), 409, "registry.application_decided")
    refused(await operator.post(f"{where}/register", REGISTER), 409, "registry.application_not_approved")


async def test_moves_out_of_turn_are_refused_each_with_its_code(matrix: Office) -> None:
    operator, officer = matrix["medical-operator"], matrix["officer"]
    made = ok(await operator.post("/opening-applications", proposal() | {"unit_path": MEDICAL}))
    where = f"/opening-applications/{made['application_id']}"
    refused(await operator.put(where, proposal()), 409, "registry.application_not_returned")
    refused(await operator.post(f"{where}/register", REGISTER), 409, "registry.application_not_approved")
    ok(await officer.post(f"{where}/return", {"feedback": "请补充。"}))
    refused(await officer.post(f"{where}/approve"), 409, "registry.application_with_unit")
    ok(await operator.put(where, proposal()))
    stale = {"revision": 1}
    said = refused(await officer.post(f"{where}/approve", stale), 409, "registry.application_changed")
    assert said["details"] == {"revision": 2}
    ok(await officer.post(f"{where}/approve", {"revision": 2}))
    ok(await operator.post(f"{where}/register", REGISTER))
    refused(await operator.post(f"{where}/register", REGISTER), 409, "registry.application_registered")
    assert await matrix.gateway.database["filings"].count_documents({}) == 1


async def test_nobody_approves_what_they_wrote_themselves(matrix: Office) -> None:
    both = await matrix.hire("both", MEDICAL, ("operator", MEDICAL), ("communications", MEDICAL))
    made = ok(await both.post("/opening-applications", proposal() | {"unit_path": MEDICAL}))
    where = f"/opening-applications/{made['application_id']}"
    refused(await both.post(f"{where}/approve"), 403, "registry.own_application")
    ok(await matrix["officer"].post(f"{where}/approve"))


async def test_the_groups_own_account_takes_the_role_for_the_whole_group(matrix: Office) -> None:
    writer = await matrix.hire("group-operator", COMMUNICATIONS, ("operator", COMMUNICATIONS))
    local = await matrix.hire("local-officer", COMMUNICATIONS, ("communications", COMMUNICATIONS))
    body = proposal(account_name="澜栎集团", is_group_account=True) | {"unit_path": COMMUNICATIONS}
    made = ok(await writer.post("/opening-applications", body))
    where = f"/opening-applications/{made['application_id']}"
    refused(await local.post(f"{where}/approve"), 403, "auth.forbidden")
    ok(await matrix["officer"].post(f"{where}/approve"))
    registered = ok(await writer.post(f"{where}/register", REGISTER))
    assert ok(await writer.get(f"/official-accounts/{registered['account_id']}"))["is_group_account"] is True


async def test_an_account_that_exists_already_is_reported_and_gets_the_next_number(matrix: Office) -> None:
    await matrix.account()
    head = matrix["medical-head"]
    body = {
        "unit_path": MEDICAL,
        "name": "澜栎医药服务",
        "kind": "service",
        "verified": False,
        "intro": "澜栎医药官方账号。",
        "original_id": original_id(),
        "reason": "规范颁布之前已开通。",
    }
    refused(await matrix["care-operator"].post("/official-accounts", body), 403, "auth.forbidden")
    refused(await head.post("/official-accounts", body | {"is_group_account": True}), 403, "auth.forbidden")
    refused(await head.post("/official-accounts", body | {"reason": "  "}), 422, "registry.text_missing")
    made = ok(await head.post("/official-accounts", body))
    assert made["filing_number"].endswith("-0002") and made["findings"] == []
    again = body | {"name": "另一个"}
    refused(await head.post("/official-accounts", again), 409, "registry.original_id_taken")
    account = ok(await head.get(f"/official-accounts/{made['account_id']}"))
    assert (account["application_id"], account["state"], account["custody"]) == (None, "registered", None)
    assert [(f["kind"], f["reason"]) for f in account["filings"]] == [("account_reported", body["reason"])]


@pytest.mark.parametrize("path", ["/official-accounts", "/filings", "/operating-processes", "/findings", "/units"])
async def test_lists_hold_only_what_lies_in_the_callers_units(matrix: Office, path: str) -> None:
    operator, head = matrix["medical-operator"], matrix["medical-head"]
    await matrix.account(account_name="别的名字")
    body = {
        "unit_path": MEDICAL,
        "editor_ids": [operator.person_id],
        "steps": [{"name": "终审", "mode": "all_of", "person_ids": [head.person_id]}],
        "publisher_ids": [operator.person_id],
    }
    ok(await operator.post("/operating-processes", body))
    mine, above = ok(await operator.get(path))["items"], ok(await matrix["auditor"].get(path))["items"]
    theirs = ok(await matrix["care-operator"].get(path))["items"]
    key = "path" if path == "/units" else "unit_path"
    assert {item[key] for item in mine} == {MEDICAL}
    assert MEDICAL in {item[key] for item in above}
    assert {item[key] for item in theirs} <= {CARE}
    narrowed = ok(await matrix["auditor"].get(path, unit_path=CARE))["items"]
    assert {item[key] for item in narrowed} <= {CARE}
