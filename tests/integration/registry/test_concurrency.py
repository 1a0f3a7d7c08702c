"""Many at once: one decision, and numbers without gaps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from contracts.registry import OfficialAccountRegistered, OpeningApplicationApproved, OpeningApplicationRejected
from kit.clock import to_milliseconds
from tests.integration.registry.office import (
    GROUP,
    MEDICAL,
    Office,
    furnish,
    ok,
    open_office,
    original_id,
    proposal,
    refused,
)
from tests.support.services import House


async def test_of_many_decisions_at_once_one_counts(house: House, matrix: Office) -> None:
    deputy = await matrix.hire("deputy", GROUP, ("communications", GROUP))
    made = ok(await matrix["medical-operator"].post("/opening-applications", proposal() | {"unit_path": MEDICAL}))
    where, officers = f"/opening-applications/{made['application_id']}", [matrix["officer"], deputy]
    calls = [officers[n % 2].post(f"{where}/approve") for n in range(6)]
    calls += [officers[n % 2].post(f"{where}/reject", {"reason": "不同意。"}) for n in range(6)]
    answers = await asyncio.gather(*calls)
    assert [answer.status_code for answer in answers].count(200) == 1
    for answer in answers:
        if answer.status_code != 200:
            refused(answer, 409, "registry.application_decided")
    seen = ok(await deputy.get(where))
    assert len(seen["history"]) == 2
    kinds = (OpeningApplicationApproved, OpeningApplicationRejected)
    told, other = kinds if seen["state"] == "approved" else kinds[::-1]
    await house.event(told)
    assert (len(await house.events(told)), await house.events(other)) == (1, [])


async def test_an_application_registered_by_many_at_once_makes_one_account(house: House, matrix: Office) -> None:
    application_id = await matrix.approved()
    path = f"/opening-applications/{application_id}/register"
    calls = [matrix["medical-operator"].post(path, {"original_id": original_id(), "verified": True}) for _ in range(8)]
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    await house.event(OfficialAccountRegistered)
    assert len(await house.events(OfficialAccountRegistered)) == 1
    assert await matrix.gateway.database["filings"].distinct("sequence") == [1]


async def test_numbers_that_are_taken_at_once_are_unique_and_have_no_gaps(matrix: Office) -> None:
    operator, head = matrix["medical-operator"], matrix["medical-head"]
    process = {
        "unit_path": MEDICAL,
        "editor_ids": [operator.person_id],
        "steps": [{"name": "终审", "mode": "all_of", "person_ids": [head.person_id]}],
        "publisher_ids": [operator.person_id],
    }
    taken = original_id()

    def report(identity: str) -> dict[str, object]:
        return {
            "unit_path": MEDICAL,
            "name": "澜栎医药",
            "kind": "service",
            "verified": True,
            "intro": "澜栎医药官方账号。",
            "original_id": identity,
            "reason": "此前已开通。",
        }

    reports = [head.post("/official-accounts", report(original_id())) for _ in range(10)]
    # These refuse after their number was taken: it must not be missing afterwards.
    reports += [head.post("/official-accounts", report(taken)) for _ in range(5)]
    filed = [operator.post("/operating-processes", process) for _ in range(5)]
    answers = await asyncio.gather(*reports, *filed)
    good = [answer.json() for answer in answers if answer.status_code == 201]
    for answer in answers:
        if answer.status_code != 201:
            refused(answer, 409, "registry.original_id_taken")
    assert len(good) == 16
    assert sorted(said["filing_number"][-4:] for said in good) == [f"{n:04d}" for n in range(1, 17)]
    versions = [said["process_version"] for said in good if "process_version" in said]
    assert sorted(versions) == [1, 2, 3, 4, 5]
    rows = await matrix.gateway.database["filings"].find().to_list(100)
    assert sorted(row["sequence"] for row in rows) == list(range(1, 17))


class NewYearsEve:
    """Ten minutes to midnight in Shanghai, and on from there."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC)
        self.ahead = timedelta()

    def now(self) -> datetime:
        eve = datetime(2026, 12, 31, 15, 50, tzinfo=UTC)
        return to_milliseconds(eve + self.ahead + (datetime.now(UTC) - self.started))


async def test_the_year_turns_in_shanghai_and_begins_again_at_one(house: House) -> None:
    clock = NewYearsEve()
    office = await open_office(house, clock=clock)
    await furnish(office)

    async def number() -> str:
        account_id = await office.account()
        account = ok(await office["officer"].get(f"/official-accounts/{account_id}"))
        found: str = account["filing_number"]
        return found

    old = [await number(), await number()]
    clock.ahead = timedelta(minutes=20)
    assert [*old, await number()] == ["GW-2026-0001", "GW-2026-0002", "GW-2027-0001"]
    listed = ok(await office["officer"].get("/filings"))["items"]
    assert [filing["number"] for filing in listed] == ["GW-2027-0001", "GW-2026-0002", "GW-2026-0001"]
    only = ok(await office["officer"].get("/filings", year=2026))["items"]
    assert len(only) == 2
