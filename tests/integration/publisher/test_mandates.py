"""The group's news has to be carried on by the end of the next working day; the repost itself is the evidence."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.publisher import (
    IssueSubmitted,
    MassSendSent,
    RepostMandateBreached,
    RepostMandateFulfilled,
    RepostMandateRaised,
)
from services.publisher.domain.working_day import SHANGHAI
from tests.integration.publisher.newsroom import Newsroom, start_newsroom
from tests.integration.publisher.props import CARE, MEDICAL, Json, MovableClock, Official
from tests.support.services import House, eventually


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


async def newsroom_at(house: House, sandbox: httpx.AsyncClient, folder: Path, moment: str) -> Newsroom:
    """Publisher at another time than the platform's, which is as it is."""
    clock = MovableClock()
    clock.offset = shanghai(moment) - clock.now()
    return await start_newsroom(
        house, sandbox, folder, clock=clock, callback_fresh_seconds=1e9, breach_check_seconds=0.1
    )


async def news(newsroom: Newsroom, official: Official, **changes: Any) -> MassSendSent:
    """An issue of the account that was approved and went out."""
    issue = await newsroom.submitted(official, articles=1, **changes)
    await newsroom.grant(issue)
    return await newsroom.sent(issue)


async def raised(newsroom: Newsroom, source: MassSendSent, number: int) -> dict[str, RepostMandateRaised]:
    """The mandates that the group's send raised, by account."""

    async def look() -> list[RepostMandateRaised] | None:
        events = await newsroom.house.events(RepostMandateRaised)
        found = [event for event in events if event.source_mass_send_id == source.mass_send_id]
        return found if len(found) >= number else None

    events: list[RepostMandateRaised] = await eventually(look, f"{number} mandates")
    assert len(events) == number
    return {event.account_id: event for event in events}


async def mandate(newsroom: Newsroom, mandate_id: str, state: str) -> Json:
    token = await newsroom.operator("/")

    async def look() -> Json | None:
        found = await newsroom.ask("GET", f"/mandates/{mandate_id}", token=token)
        return found if found["state"] == state else None

    found: Json = await eventually(look, f"a mandate that is {state}")
    return found


@pytest.mark.slow
async def test_before_a_holiday_one_unit_carries_it_on_and_another_is_late(
    house: House, sandbox: httpx.AsyncClient, tmp_path: Path
) -> None:
    newsroom = await newsroom_at(house, sandbox, tmp_path, "2026-09-30 17:30")
    group = await newsroom.account(mass_per_day=9)
    medical = await newsroom.account(MEDICAL, mass_per_day=9)
    care = await newsroom.account(CARE, mass_per_day=9)
    await news(newsroom, group)
    source = await news(newsroom, group, major_group_news=True)
    due = shanghai("2026-10-08 23:59:59.999")
    owed = await raised(newsroom, source, 2)
    assert set(owed) == {medical.account_id, care.account_id}
    assert {(event.due_at, event.provisional) for event in owed.values()} == {(due, False)}
    assert len(await newsroom.house.events(RepostMandateRaised)) == 2

    mine, theirs = owed[medical.account_id].mandate_id, owed[care.account_id].mandate_id
    await refused_mandates(newsroom, medical, theirs)
    repost = await news(newsroom, medical, mandate_id=mine)
    fulfilled = await newsroom.house.event(RepostMandateFulfilled)
    assert (fulfilled.mandate_id, fulfilled.mass_send_id) == (mine, repost.mass_send_id)
    assert fulfilled.on_time
    assert fulfilled.urls == tuple(article.url for article in repost.articles)
    submitted = await newsroom.house.event(IssueSubmitted, lambda event: event.account_id == medical.account_id)
    assert submitted.mandate_id == mine

    newsroom.clock.offset += due - newsroom.clock.now() - timedelta(minutes=1)
    assert await newsroom.house.events(RepostMandateBreached) == []
    newsroom.clock.offset += timedelta(minutes=2)
    breached = await newsroom.house.event(RepostMandateBreached)
    assert (breached.mandate_id, breached.due_at) == (theirs, due)
    late = await news(newsroom, care, mandate_id=theirs)
    shown = await mandate(newsroom, theirs, "fulfilled")
    assert (shown["on_time"], shown["mass_send_id"]) == (False, late.mass_send_id)
    assert shown["breached_at"] is not None
    assert len(await newsroom.house.events(RepostMandateBreached)) == 1
    body = await newsroom.text(care, articles=1, mandate_id=theirs)
    again = await newsroom.call("POST", "/issues", token=await newsroom.operator(CARE), json=body)
    assert again.json()["code"] == "publisher.mandate_fulfilled"


async def refused_mandates(newsroom: Newsroom, official: Official, theirs: str) -> None:
    """What belongs to another account, to nobody, or is not the unit's to raise."""
    token = await newsroom.operator(official.unit_path)
    for changes, code in (
        ({"mandate_id": theirs}, "publisher.mandate_foreign"),
        ({"mandate_id": "nothing"}, "publisher.mandate_foreign"),
        ({"major_group_news": True}, "publisher.not_the_group_account"),
    ):
        body = await newsroom.text(official, articles=1, **changes)
        answer = await newsroom.call("POST", "/issues", token=token, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    foreign = await newsroom.call("GET", f"/mandates/{theirs}", token=token)
    assert foreign.status_code == 404
    listed = await newsroom.ask("GET", "/mandates", token=token)
    assert [found["account_id"] for found in listed["items"]] == [official.account_id]


async def test_a_year_without_data_is_provisional_until_people_enter_its_days(
    house: House, sandbox: httpx.AsyncClient, tmp_path: Path
) -> None:
    newsroom = await newsroom_at(house, sandbox, tmp_path, "2026-12-31 10:00")
    group = await newsroom.account(mass_per_day=9)
    medical = await newsroom.account(MEDICAL)
    first = (await raised(newsroom, await news(newsroom, group, major_group_news=True), 1))[medical.account_id]
    assert (first.due_at, first.provisional) == (shanghai("2027-01-01 23:59:59.999"), True)
    shown = await mandate(newsroom, first.mandate_id, "open")
    assert shown["provisional"] is True

    office = await newsroom.operator("/", role="communications")
    day = {"working": False, "note": "元旦"}
    refused = await newsroom.call("PUT", "/calendar/2027-01-01", token=await newsroom.operator("/"), json=day)
    assert refused.json()["code"] == "auth.forbidden"
    await newsroom.ask("PUT", "/calendar/2027-01-01", token=office, json=day)
    await newsroom.ask("PUT", "/calendar/2027-01-02", token=office, json={"working": True, "note": "调休上班"})
    month = await newsroom.ask("GET", "/calendar?year=2027&month=1", token=office)
    known = {found["day"]: (found["working"], found["source"]) for found in month["items"]}
    assert known["2027-01-01"] == (False, "entered")
    assert known["2027-01-02"] == (True, "entered")
    assert known["2027-01-03"] == (False, "assumed")
    assert len(known) == 31

    second = (await raised(newsroom, await news(newsroom, group, major_group_news=True), 1))[medical.account_id]
    assert (second.due_at, second.provisional) == (shanghai("2027-01-02 23:59:59.999"), False)
    assert (await mandate(newsroom, first.mandate_id, "open"))["due_at"] == shown["due_at"]
