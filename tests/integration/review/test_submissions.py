"""What comes in by event and is not what it says."""

from __future__ import annotations

import pytest

from contracts.envelope import CloudEvent
from contracts.permit import digest_of
from contracts.review import CaseDecided, CaseOpened
from kit import dead_letters
from kit.clock import SystemClock
from kit.ids import new_id
from tests.integration.review.office import Office, edited, start, submitted
from tests.support.services import House, eventually
from tests.unit.review.shapes import payload

CONSUMER = "review-on-publisher-issue"
UNPROVEN = [
    (submitted(digest=digest_of(payload("别的"))), "review.payload_digest_mismatch"),
    (submitted(account_id="another"), "review.payload_contradicts_submission"),
    (submitted(act="menu"), "review.payload_contradicts_submission"),
    (submitted(payload(hidden="x")), "review.payload_not_readable"),
    (submitted(payload(articles=[])), "review.payload_not_readable"),
    (submitted(payload=payload(tag_id=1.5)), "review.payload_not_canonical"),
]


@pytest.fixture
async def office(house: House) -> Office:
    office = await start(house)
    await office.ready("head")
    return office


async def test_a_payload_that_proves_nothing_is_rejected_and_kept(office: Office) -> None:
    for number, (event, code) in enumerate(UNPROVEN):
        event = event.model_copy(update={"issue_id": f"issue-{number}"})
        await office.house.publish(event)
        decided = await office.house.event(CaseDecided, lambda found, of=event.issue_id: found.subject_id == of)  # type: ignore[misc]
        assert (decided.verdict, decided.reason_code, decided.approvals) == ("rejected", code, ())
        assert decided.digest == event.digest
        shown = (await office.get(f"/cases/{decided.case_id}", "operator")).json()
        assert shown["payload"] == event.payload
        assert (shown["state"], shown["steps"], shown["permit"]) == ("rejected", [], None)
        assert [entry["kind"] for entry in shown["history"]] == ["opened", "refused"]
        answer = await office.say("approve", decided.case_id, "operator", {"digest": event.digest})
        assert (answer.status_code, answer.json()["code"]) == (409, "review.case_decided")
    assert await office.house.events(CaseOpened) == []


async def test_a_bad_submission_voids_the_earlier_one_and_a_good_one_follows(office: Office) -> None:
    first = await office.open_case()
    await office.submit(digest=digest_of(payload("别的")), revision=2)
    await office.house.event(CaseDecided)
    assert (await office.document(first.case_id))["state"] == "voided"
    third = await office.open_case(revision=3)
    assert await office.approved(third, "head")


async def letter(office: Office) -> dict[str, object]:
    async def look() -> list[dict[str, object]]:
        return await dead_letters.listing(office.gateway.database)

    found = await eventually(look, "a dead letter")
    return found[0]  # type: ignore[no-any-return]


async def test_bytes_that_are_no_event_are_set_aside(office: Office) -> None:
    await office.house.publish_raw("publisher.issue.submitted.v1", b"{ not an event")
    found = await letter(office)
    assert (found["consumer"], found["reason"], found["aggregate"]) == (CONSUMER, "Malformed", None)
    assert await office.open_case(), "others go on"


async def test_a_malformed_submission_blocks_only_its_issue_until_it_is_given_up(office: Office) -> None:
    data = submitted().model_dump(mode="json")
    del data["digest"]
    envelope = CloudEvent(
        id=new_id(),
        source="/publisher",
        type="publisher.issue.submitted.v1",
        subject="issue/issue",
        time=SystemClock().now(),
        aggver=1,
        data=data,
    )
    await office.house.publish_raw(envelope.type, envelope.model_dump_json(exclude_none=True).encode())
    found = await letter(office)
    assert (found["reason"], found["event_id"], found["aggregate"]) == ("Malformed", envelope.id, "issue/issue")
    assert "digest" in str(found["error"])
    await office.house.publish(edited(payload("改了")), aggver=2)
    await office.house.publish(submitted(payload("改了"), revision=2), aggver=3)
    other = await office.open_case(issue_id="other")
    assert [case.case_id for case in await office.house.events(CaseOpened)] == [other.case_id]
    await dead_letters.drop(office.deps.store, str(found["_id"]), why="格式错误,由发布方重新送审")
    case = await office.house.event(CaseOpened, lambda one: one.subject_id == "issue")
    assert case.digest == digest_of(payload("改了"))


async def test_an_unknown_field_of_a_later_version_is_no_reason_to_stop(office: Office) -> None:
    data = submitted().model_dump(mode="json") | {"priority": "urgent"}
    envelope = CloudEvent(
        id=new_id(),
        source="/publisher",
        type="publisher.issue.submitted.v1",
        subject="issue/issue",
        time=SystemClock().now(),
        aggver=1,
        data=data,
    )
    await office.house.publish_raw(envelope.type, envelope.model_dump_json(exclude_none=True).encode())
    assert (await office.house.event(CaseOpened)).subject_id == "issue"
