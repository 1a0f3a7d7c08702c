"""An edit, a withdrawal or another submission ends what stood; a save without change does not."""

from __future__ import annotations

import pytest

from contracts.permit import digest_of
from contracts.review import CaseOpened, CaseVoided, PermitGranted, PermitVoided
from tests.integration.review.office import Office, edited, start, submitted, withdrawn
from tests.support.services import House
from tests.unit.review.shapes import payload

OTHER = payload("春季义诊改期")


@pytest.fixture
async def office(house: House) -> Office:
    office = await start(house)
    await office.ready("head")
    return office


async def test_an_edit_after_approval_voids_case_and_permit(office: Office) -> None:
    case = await office.open_case()
    permit = await office.approved(case, "head")
    await office.house.publish(edited(OTHER))
    voided = await office.house.event(PermitVoided)
    assert (voided.permit_id, voided.reason_code) == (permit.permit_id, "review.subject_edited")
    assert (await office.house.event(CaseVoided)).case_id == case.case_id
    shown = (await office.get(f"/cases/{case.case_id}", "head")).json()
    assert (shown["state"], shown["permit"]["state"]) == ("voided", "voided")
    answer = await office.say("approve", case.case_id, "head", {"digest": case.digest})
    assert (answer.status_code, answer.json()["code"]) == (409, "review.case_voided")
    assert len(await office.house.events(PermitGranted)) == 1


async def test_an_edit_before_approval_leaves_nothing_to_approve(office: Office) -> None:
    case = await office.open_case()
    await office.house.publish(edited(OTHER))
    await office.house.event(CaseVoided)
    for digest in (case.digest, digest_of(OTHER)):
        answer = await office.say("approve", case.case_id, "head", {"digest": digest})
        assert (answer.status_code, answer.json()["code"]) == (409, "review.case_voided")
    assert await office.house.events(PermitVoided) == []


async def test_a_save_without_change_voids_nothing(office: Office) -> None:
    case = await office.open_case()
    permit = await office.approved(case, "head")
    await office.house.publish(edited(payload()))
    await office.settled()
    assert await office.house.events(CaseVoided) == []
    assert (await office.document(case.case_id))["permit_id"] == permit.permit_id


async def test_a_withdrawal_voids_what_waits_and_what_is_approved(office: Office) -> None:
    waiting = await office.open_case()
    decided = await office.open_case(issue_id="second")
    permit = await office.approved(decided, "head")
    for issue_id in ("issue", "second"):
        await office.house.publish(withdrawn(issue_id))
    voided = await office.house.event(PermitVoided)
    assert (voided.permit_id, voided.reason_code) == (permit.permit_id, "review.subject_withdrawn")
    await office.settled()
    assert {(await office.document(case.case_id))["state"] for case in (waiting, decided)} == {"voided"}


async def test_a_new_submission_voids_the_earlier_round(office: Office) -> None:
    first = await office.open_case()
    permit = await office.approved(first, "head")
    second = await office.open_case(OTHER, revision=2)
    assert (await office.house.event(PermitVoided)).permit_id == permit.permit_id
    assert (await office.house.event(CaseVoided)).reason_code == "review.submitted_again"
    answer = await office.say("approve", first.case_id, "head", {"digest": first.digest})
    assert answer.json()["code"] == "review.case_voided"
    other = await office.approved(second, "head")
    assert (await office.claims(other.token)).digest == digest_of(OTHER)
    shown = (await office.get(f"/cases/{second.case_id}", "head")).json()
    assert [(one["case_id"], one["state"]) for one in shown["other_rounds"]] == [(first.case_id, "voided")]


async def test_what_was_returned_comes_back_as_a_new_case(office: Office) -> None:
    first = await office.open_case()
    await office.say("return", first.case_id, "head", {"digest": first.digest, "reason": "补充数据来源"})
    await office.house.publish(edited(OTHER))
    second = await office.open_case(OTHER, revision=2)
    await office.settled()
    assert await office.house.events(CaseVoided) == []
    shown = (await office.get(f"/cases/{second.case_id}", "head")).json()
    assert [(one["state"], one["reason"]) for one in shown["other_rounds"]] == [("returned", "补充数据来源")]


async def test_events_that_come_in_the_wrong_order_take_effect_in_the_right_one(office: Office) -> None:
    await office.house.publish(submitted(OTHER, revision=2), aggver=3)
    await office.house.publish(edited(OTHER), aggver=2)
    await office.settled()
    assert await office.house.events(CaseOpened) == []
    await office.house.publish(submitted(), aggver=1)
    case = await office.house.event(CaseOpened, lambda found: found.digest == digest_of(OTHER))
    assert [found.digest for found in await office.house.events(CaseOpened)] == [digest_of(payload()), case.digest]
    assert [found.reason_code for found in await office.house.events(CaseVoided)] == ["review.subject_edited"]
    assert (await office.document(case.case_id))["state"] == "open"


async def test_what_is_delivered_twice_happens_once(office: Office) -> None:
    for _ in range(3):
        await office.house.publish(submitted(), event_id="submission", aggver=1)
    case = await office.house.event(CaseOpened)
    permit = await office.approved(case, "head")
    for _ in range(3):
        await office.house.publish(edited(OTHER), event_id="edit", aggver=2)
    await office.house.publish(submitted(), event_id="submission", aggver=1)
    await office.house.event(PermitVoided)
    await office.settled()
    database = office.gateway.database
    assert await database["cases"].count_documents({}) == 1
    assert await database["permits"].count_documents({}) == 1
    assert len(await office.house.events(CaseVoided)) == len(await office.house.events(PermitVoided)) == 1
    kinds = [row["entry"]["kind"] async for row in database["audit"].find().sort("_id", 1)]
    assert kinds == ["opened", "routed", "approved", "permit_granted", "voided", "permit_voided"]
    assert (await office.document(case.case_id))["permit_id"] == permit.permit_id


async def test_an_edit_of_something_that_was_never_submitted_is_nothing(office: Office) -> None:
    await office.house.publish(edited(OTHER))
    await office.house.publish(withdrawn())
    await office.settled()
    assert await office.gateway.database["cases"].count_documents({}) == 0
    assert await office.gateway.database["dead_letters"].count_documents({}) == 0
