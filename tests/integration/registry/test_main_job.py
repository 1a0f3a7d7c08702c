"""The first two steps of the main job, from the application to the account in service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from contracts.publisher import AccountConnected, AccountConnectionFailed
from contracts.registry import (
    CredentialsEntrusted,
    OfficialAccountRegistered,
    OpeningApplicationApproved,
    OpeningApplicationReturned,
    OpeningApplicationSubmitted,
    OperatingProcessFiled,
)
from tests.integration.registry.office import MEDICAL, Office, credentials, ok, proposal, unsealed
from tests.support.services import House, eventually


async def test_from_the_application_to_the_account_in_service(house: House, matrix: Office) -> None:
    operator, officer = matrix["medical-operator"], matrix["officer"]
    made = ok(await operator.post("/opening-applications", proposal() | {"unit_path": MEDICAL}))
    where = f"/opening-applications/{made['application_id']}"
    assert (made["state"], made["revision"], made["advice"]) == ("submitted", 1, [])

    feedback = {"feedback": "请补充急症留言的处置口径。", "revision": 1}
    assert ok(await officer.post(f"{where}/return", feedback))["state"] == "returned"
    revised = proposal() | {"answer": "已补充。"}
    revised["statements"]["review_flow"] = "初审、药事审核、终审；急症留言只回复就医提示。"
    assert ok(await operator.put(where, revised))["state"] == "resubmitted"
    assert ok(await officer.post(f"{where}/approve", {"comment": "同意。"}))["state"] == "approved"

    body = {"original_id": "gh_0123456789ab", "verified": True}
    registered = ok(await operator.post(f"{where}/register", body))
    year = datetime.now(timezone(timedelta(hours=8))).year
    assert registered["filing_number"] == f"GW-{year}-0001"
    seen = ok(await officer.get(where))
    assert [turn["state"] for turn in seen["history"]] == [
        "submitted",
        "returned",
        "resubmitted",
        "approved",
        "registered",
    ]
    assert [revision["answer"] for revision in seen["revisions"]] == ["", "已补充。"]
    assert seen["account_id"] == registered["account_id"]
    event = await house.event(OfficialAccountRegistered)
    assert (event.account_id, event.filing_number) == (registered["account_id"], registered["filing_number"])
    assert (event.unit_path, event.original_id, event.verified) == (MEDICAL, "gh_0123456789ab", True)
    assert len(await house.events(OpeningApplicationSubmitted)) == 2
    assert (await house.event(OpeningApplicationReturned)).feedback == feedback["feedback"]
    assert (await house.event(OpeningApplicationApproved)).approved_by == officer.person_id


async def test_credentials_are_sealed_to_publisher_and_the_account_comes_into_service(
    house: House, matrix: Office
) -> None:
    key = await matrix.publisher_key()
    account_id = await matrix.account()
    secret = credentials()
    path = f"/official-accounts/{account_id}"
    said = ok(await matrix["medical-custodian"].post(f"{path}/credentials", secret))
    assert (said["account_id"], said["app_id"]) == (account_id, secret["app_id"])
    event = await house.event(CredentialsEntrusted)
    assert unsealed(key, event.sealed).model_dump() == secret
    assert ok(await matrix["officer"].get(path))["state"] == "entrusted"

    failed = AccountConnectionFailed(account_id=account_id, step="token", code="wechat.40125", detail="invalid secret")
    await house.publish(failed)
    await _in_state(matrix, account_id, "connection_failed")
    menu = {"button": [{"name": "走进澜栎", "sub_button": {"list": [{"type": "view", "name": "官网"}]}}]}
    await house.publish(
        AccountConnected(
            account_id=account_id,
            app_id=secret["app_id"],
            menu_digest="sha256:1",
            menu=menu,
            connected_at=datetime(2026, 11, 23, 1, tzinfo=UTC),
        )
    )
    account = await _in_state(matrix, account_id, "in_service")
    assert account["connection"]["menu"] == menu
    assert account["connection_failure"] is None
    assert account["connection"]["connected_at"] == "2026-11-23T01:00:00Z"


async def test_a_process_is_filed_under_a_number_and_the_next_one_replaces_it(house: House, matrix: Office) -> None:
    operator, head = matrix["medical-operator"], matrix["medical-head"]
    body = {
        "unit_path": MEDICAL,
        "editor_ids": [operator.person_id],
        "steps": [{"name": "负责人终审", "mode": "all_of", "person_ids": [head.person_id]}],
        "publisher_ids": [operator.person_id],
    }
    first = ok(await operator.post("/operating-processes", body))
    second = ok(await head.post("/operating-processes", body))
    assert [first["process_version"], second["process_version"]] == [1, 2]
    assert first["filing_number"][-4:] == "0001" and second["filing_number"][-4:] == "0002"
    await house.event(OperatingProcessFiled, lambda event: event.process_version == 2)
    events = await house.events(OperatingProcessFiled)
    assert [event.filing_number for event in events] == [first["filing_number"], second["filing_number"]]
    assert events[0].steps[0].person_ids == (head.person_id,)
    listed = ok(await matrix["auditor"].get("/operating-processes"))["items"]
    assert [process["process_version"] for process in listed] == [2, 1]
    filings = ok(await matrix["auditor"].get("/filings", kind="operating_process"))["items"]
    assert [(filing["number"], filing["clause"]) for filing in filings] == [
        (second["filing_number"], "§4.3"),
        (first["filing_number"], "§4.3"),
    ]


async def _in_state(matrix: Office, account_id: str, state: str) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        account = ok(await matrix["officer"].get(f"/official-accounts/{account_id}"))
        return account if account["state"] == state else None

    found: dict[str, Any] = await eventually(look, f"the account in state {state}")
    return found
