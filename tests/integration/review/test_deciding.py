"""From a submission to a permit, and every other word a responsible person may say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.permit import digest_of
from contracts.review import CaseDecided, CaseOpened, PermitGranted
from kit.clock import SystemClock
from tests.integration.review.office import NAMES, Office, start
from tests.support.services import House
from tests.unit.review.shapes import UNIT, payload


@pytest.fixture
async def office(house: House) -> Office:
    return await start(house)


async def test_the_approved_digest_becomes_a_permit_that_anybody_can_verify(office: Office) -> None:
    await office.ready("head")
    case = await office.open_case()
    assert case.waiting_for == ("head",)
    answer = await office.say("approve", case.case_id, "head", {"digest": case.digest, "comment": "同意发布"})
    assert answer.status_code == 200
    said = answer.json()
    assert (said["state"], said["digest"], said["waiting_for"]) == ("approved", case.digest, [])
    permit = await office.house.event(PermitGranted)
    decided = await office.house.event(CaseDecided)
    assert (decided.verdict, decided.reason_code, decided.digest) == ("approved", "", case.digest)
    claims = await office.claims(permit.token)
    assert claims.digest == permit.digest == case.digest == digest_of(payload())
    assert (claims.jti, claims.case_id, claims.subject_id) == (permit.permit_id, case.case_id, "issue")
    assert (claims.nbf, claims.exp) == (int(permit.not_before.timestamp()), int(permit.not_after.timestamp()))
    assert permit.not_after - permit.not_before == timedelta(hours=24)
    assert claims.approvals == decided.approvals
    assert [(one.person_id, one.display_name, one.capacity) for one in claims.approvals] == [
        ("head", NAMES["head"], "head")
    ]
    assert claims.policy_version == "GW-2026-0001#1"
    assert said["permit_id"] == permit.permit_id


async def test_the_case_shows_the_exact_payload_and_what_happened(office: Office) -> None:
    await office.ready("head", "deputy", mode="all_of")
    case = await office.open_case()
    shown = (await office.get(f"/cases/{case.case_id}", "head")).json()
    assert shown["payload"] == payload()
    assert shown["payload_intact"] is True
    assert digest_of(shown["payload"]) == shown["digest"] == case.digest
    assert shown["steps"][0]["state"] == "current"
    assert [person["display_name"] for person in shown["waiting_for"]] == [NAMES["head"], NAMES["deputy"]]
    await office.say("approve", case.case_id, "head", {"digest": case.digest, "comment": "同意"})
    shown = (await office.get(f"/cases/{case.case_id}", "deputy")).json()
    assert shown["waiting_for_me"] is True
    assert [one["comment"] for one in shown["steps"][0]["signatures"]] == ["同意"]
    await office.approved(case, "deputy")
    shown = (await office.get(f"/cases/{case.case_id}", "operator")).json()
    assert (shown["state"], shown["permit"]["state"], shown["waiting_for_me"]) == ("approved", "granted", False)
    assert [entry["kind"] for entry in shown["history"]] == [
        "opened",
        "routed",
        "approved",
        "approved",
        "permit_granted",
    ]
    assert shown["history"][2]["actor"]["display_name"] == NAMES["head"]
    assert "token" not in shown["permit"]


async def test_steps_wait_for_one_another(office: Office) -> None:
    await office.employ("head", "deputy")
    await office.employ("chief", role="communications", path="/")
    await office.file(("部门审核", "any_of", ["head", "deputy"]), ("企宣部审核", "all_of", ["chief"]))
    await office.settled()
    case = await office.open_case()
    early = await office.say("approve", case.case_id, "chief", {"digest": case.digest})
    assert (early.status_code, early.json()["code"]) == (403, "review.not_your_turn")
    first = await office.say("approve", case.case_id, "deputy", {"digest": case.digest, "step": 1})
    assert (first.json()["state"], first.json()["current_step"], first.json()["waiting_for"]) == ("open", 2, ["chief"])
    assert await office.house.events(PermitGranted) == []
    again = await office.say("approve", case.case_id, "head", {"digest": case.digest})
    assert again.json()["code"] == "review.not_your_turn"
    permit = await office.approved(case, "chief")
    capacities = [approval.capacity for approval in (await office.claims(permit.token)).approvals]
    assert capacities == ["head", "communications"]


@pytest.mark.parametrize(("what", "verdict"), [("reject", "rejected"), ("return", "returned")])
async def test_turned_down_with_a_reason_it_has_no_permit(office: Office, what: str, verdict: str) -> None:
    await office.ready("head")
    case = await office.open_case()
    answer = await office.say(what, case.case_id, "head", {"digest": case.digest, "reason": "  标题与事实不符 "})
    assert (answer.status_code, answer.json()["state"], answer.json()["permit_id"]) == (200, verdict, None)
    decided = await office.house.event(CaseDecided)
    assert (decided.verdict, decided.reason, decided.reason_code) == (verdict, "标题与事实不符", f"review.{verdict}")
    late = await office.say("approve", case.case_id, "head", {"digest": case.digest})
    assert (late.status_code, late.json()["code"]) == (409, "review.case_decided")
    shown = (await office.get(f"/cases/{case.case_id}", "operator")).json()
    assert (shown["decided_by"]["person_id"], shown["reason"]) == ("head", "标题与事实不符")


@pytest.mark.parametrize("hand", ["author_id", "last_editor_id", "submitted_by"])
async def test_a_hand_in_the_content_decides_nothing(office: Office, hand: str) -> None:
    await office.employ("head", "deputy")
    await office.file(("初审", "any_of", ["deputy"]), ("终审", "any_of", ["head", "deputy"]))
    await office.settled()
    changes: dict[str, Any] = {hand: "head"}
    case = await office.open_case(**changes)
    for _ in range(2):
        for what, body in (("approve", {}), ("reject", {"reason": "不妥"}), ("return", {"reason": "不妥"})):
            answer = await office.say(what, case.case_id, "head", {"digest": case.digest} | body, ("head", UNIT))
            assert answer.status_code == 403
            assert answer.json()["code"] == "review.author_cannot_approve"
            assert answer.json()["clause"] == "§4.3/§6.1"
        await office.say("approve", case.case_id, "deputy", {"digest": case.digest, "step": 1})
    assert await office.house.events(PermitGranted) == []
    permit = await office.approved(case, "deputy")
    assert {one.person_id for one in (await office.claims(permit.token)).approvals} == {"deputy"}


async def test_approving_other_content_than_was_seen_is_refused(office: Office) -> None:
    await office.ready("head")
    case = await office.open_case()
    answer = await office.say("approve", case.case_id, "head", {"digest": digest_of(payload("别的"))})
    assert (answer.status_code, answer.json()["code"]) == (409, "review.digest_mismatch")
    assert answer.json()["details"] == {"digest": case.digest}
    assert (await office.document(case.case_id))["state"] == "open"


async def test_a_payload_changed_in_the_store_is_not_approved(office: Office) -> None:
    await office.ready("head")
    case = await office.open_case()
    kept = await office.gateway.database["payloads"].find_one({"_id": case.case_id})
    assert kept is not None
    forged = kept["text"].replace("社区", "商场")
    await office.gateway.database["payloads"].update_one({"_id": case.case_id}, {"$set": {"text": forged}})
    assert (await office.get(f"/cases/{case.case_id}", "head")).json()["payload_intact"] is False
    answer = await office.say("approve", case.case_id, "head", {"digest": case.digest})
    assert (answer.status_code, answer.json()["code"]) == (409, "review.payload_corrupt")
    assert (await office.document(case.case_id))["state"] == "open"


async def test_the_window_begins_at_the_approved_time_and_a_passed_time_is_refused(house: House) -> None:
    office = await start(house, permit_hours=2)
    await office.ready("head")
    tomorrow = (SystemClock().now() + timedelta(days=1)).replace(microsecond=0)
    timed = await office.open_case(payload(send_at=tomorrow.isoformat()))
    permit = await office.approved(timed, "head")
    assert (permit.not_before, permit.not_after) == (tomorrow, tomorrow + timedelta(hours=2))
    late = await office.open_case(payload(send_at=datetime(2020, 1, 1, tzinfo=UTC).isoformat()), issue_id="late")
    answer = await office.say("approve", late.case_id, "head", {"digest": late.digest})
    assert (answer.status_code, answer.json()["code"]) == (409, "review.send_time_passed")
    returned = await office.say("return", late.case_id, "head", {"digest": late.digest, "reason": "请改定时间"})
    assert returned.json()["state"] == "returned"


async def test_a_repeated_request_is_answered_alike_and_done_once(office: Office) -> None:
    await office.ready("head")
    case = await office.open_case()
    body: dict[str, Any] = {"digest": case.digest, "comment": "同意"}
    first = await office.say("approve", case.case_id, "head", body, key="the-same-key")
    again = await office.say("approve", case.case_id, "head", body, key="the-same-key")
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    other = await office.say("approve", case.case_id, "head", body | {"comment": "别的"}, key="the-same-key")
    assert (other.status_code, other.json()["code"]) == (422, "http.idempotency_key_reused")
    second = await office.say("approve", case.case_id, "head", body)
    assert (second.status_code, second.json()["code"]) == (409, "review.case_decided")
    await office.house.event(PermitGranted)
    assert await office.gateway.database["permits"].count_documents({}) == 1
    assert len(await office.house.events(CaseOpened)) == 1
