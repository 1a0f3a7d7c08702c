"""Two at once: whatever the interleaving, exactly one consistent result.

The commands run in transactions of the real store. `Conductor` lets them take turns at every call of a port, in an
order that a seed decides; `Pause` holds one of them at a certain place; and some are simply let loose together.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import replace

import pytest

from kit.transaction import Tx
from services.review.commands.adopt_process import AdoptProcess, adopt_process
from services.review.domain.routing import FiledStep, Process
from services.review.ports import Records
from services.review.queries import verify_audit
from tests.integration.review.office import Office, edited, start
from tests.integration.review.races import (
    Conductor,
    Desk,
    Pause,
    PausingCases,
    PausingProcesses,
    PausingStaff,
    consistent,
    opened,
    until_turned_away,
)
from tests.support.services import House
from tests.unit.review.shapes import UNIT, payload

ROUNDS = 60
PATIENCE = 60.0
"""Seconds for a transaction, retries included: a hundred at once on a busy machine are many, and none may give up."""


@pytest.fixture
async def office(house: House) -> Office:
    """Nobody listens: the commands are ours to interleave. The head and the deputy hold their roles."""
    office = await start(house, roles=("http",), transaction_seconds=PATIENCE)
    for person_id in ("head", "deputy", "third"):
        await Desk(office).grant(person_id)
    return office


async def test_an_edit_that_overtakes_an_approval_wins(office: Office) -> None:
    await Desk(office).file("head")
    desk, case_id = await opened(office)
    pause = Pause()
    approving = asyncio.create_task(desk.with_ports(cases=PausingCases(pause)).approve(case_id))
    await pause.reached.wait()
    assert await desk.edit() == "done"
    pause.lifted.set()
    assert await approving == "review.case_voided"
    assert pause.passed == 2, "it was tried again on what the edit left"
    assert await consistent(office, desk.subject_id) == "voided"


async def test_an_approval_that_overtakes_an_edit_is_voided_with_its_permit(office: Office) -> None:
    await Desk(office).file("head")
    desk, case_id = await opened(office)
    pause = Pause()
    editing = asyncio.create_task(desk.with_ports(cases=PausingCases(pause)).edit())
    await pause.reached.wait()
    assert await desk.approve(case_id) == "done"
    pause.lifted.set()
    assert await editing == "done"
    assert await consistent(office, desk.subject_id) == "voided+permit"


async def test_approve_edit_and_reject_in_sixty_interleavings(office: Office) -> None:
    await Desk(office).file("head", "deputy")
    seen: Counter[str] = Counter()
    for number in range(ROUNDS):
        desk, case_id = await opened(office, number)
        conductor = Conductor(random.Random(number))

        def at(actor: str, of: Desk = desk, by: Conductor = conductor) -> Desk:
            return replace(of, records=by.records(actor, office.deps.records))

        acts = {"approve": at("approve").approve(case_id), "edit": at("edit").edit()}
        if number % 2:
            acts["reject"] = at("reject").reject(case_id)
        answers = await conductor.conduct(acts)
        assert answers.pop("edit") == "done"
        assert set(answers.values()) <= {"done", "review.case_voided", "review.case_decided"}
        outcome = await consistent(office, desk.subject_id)
        assert (answers["approve"] == "done") == (outcome == "voided+permit"), (number, answers, outcome)
        seen[outcome] += 1
    assert set(seen) == {"voided", "voided+permit", "rejected"}, f"not every order was met: {seen}"
    assert (await verify_audit(office.gateway.database)).holds


async def test_approve_and_reject_let_loose_together(office: Office) -> None:
    await Desk(office).file("head", "deputy")
    for number in range(20):
        desk, case_id = await opened(office, number)
        acts = [desk.approve(case_id), desk.reject(case_id), desk.edit()]
        random.Random(number).shuffle(acts)
        answers = await asyncio.gather(*acts)
        assert set(answers) <= {"done", "review.case_decided", "review.case_voided"}
        assert await consistent(office, desk.subject_id) in {"voided", "voided+permit", "rejected"}


async def test_a_hundred_clicks_make_one_permit(office: Office) -> None:
    await Desk(office).file("head", "deputy", "third")
    desk, case_id = await opened(office)
    who = ("head", "deputy", "third")
    answers = Counter(await asyncio.gather(*(desk.approve(case_id, who[n % 3]) for n in range(100))))
    assert answers == {"done": 1, "review.case_decided": 99}
    assert await consistent(office, desk.subject_id) == "approved+permit"


async def test_two_who_sign_together_are_both_counted(office: Office) -> None:
    filed = Process("process", UNIT, 9, "GW-2026-0009", (FiledStep("会签", "all_of", ("head", "deputy", "third")),))

    async def work(tx: Tx, records: Records) -> None:
        await adopt_process(tx, AdoptProcess(filed), records=records)

    await Desk(office).run(work)
    for number in range(10):
        desk, case_id = await opened(office, number)
        answers = await asyncio.gather(*(desk.approve(case_id, one) for one in filed.steps[0].person_ids))
        assert Counter(answers) == {"done": 3}
        assert await consistent(office, desk.subject_id) == "approved+permit"


async def test_a_submission_sent_twice_at_once_leaves_one_case_standing(office: Office) -> None:
    await Desk(office).file("head")
    for number in range(10):
        desk = Desk(office, f"issue-{number}")
        assert Counter(await asyncio.gather(*(desk.open() for _ in range(3)))) == {"done": 3}
        cases = office.gateway.database["cases"].find({"submission.subject_id": desk.subject_id})
        assert Counter([row["state"] async for row in cases]) == {"open": 1, "voided": 2}


async def test_a_process_filed_while_a_case_opens_is_not_missed(office: Office) -> None:
    pause = Pause()
    desk = Desk(office)
    opening = asyncio.create_task(desk.with_ports(processes=PausingProcesses(pause)).open())
    await pause.reached.wait()
    other = Pause()
    other.lifted.set()
    filing = asyncio.create_task(desk.with_ports(processes=PausingProcesses(other)).file("head"))
    await until_turned_away(other)
    pause.lifted.set()
    assert (await opening, await filing) == ("done", "done")
    assert (await desk.case())["state"] == "open", "without the hold it would wait for ever"


async def test_a_role_revoked_while_a_case_opens_is_not_missed(office: Office) -> None:
    await Desk(office).file("head")
    pause = Pause()
    desk = Desk(office)
    opening = asyncio.create_task(desk.with_ports(staff=PausingStaff(pause)).open())
    await pause.reached.wait()
    other = Pause()
    other.lifted.set()
    revoking = asyncio.create_task(desk.with_ports(staff=PausingStaff(other)).revoke("head"))
    await until_turned_away(other)
    pause.lifted.set()
    assert (await opening, await revoking) == ("done", "done")
    assert (await desk.case())["state"] == "unroutable"


async def test_a_role_revoked_while_its_holder_approves_decides_it_one_way(office: Office) -> None:
    await Desk(office).file("head", "deputy")
    seen: Counter[str] = Counter()
    for number in range(10):
        await Desk(office).grant("head")
        desk, case_id = await opened(office, number)
        acts = [desk.approve(case_id), desk.revoke("head")]
        random.Random(number).shuffle(acts)
        answers = await asyncio.gather(*acts)
        assert set(answers) <= {"done", "review.not_your_turn"}
        seen[await consistent(office, desk.subject_id)] += 1
    assert set(seen) <= {"approved+permit", "open"}


async def test_clicks_and_edit_events_at_the_same_time(house: House) -> None:
    office = await start(house, transaction_seconds=PATIENCE)
    await office.ready("head")
    issues = [f"issue-{number}" for number in range(12)]
    cases = [await office.open_case(issue_id=issue_id) for issue_id in issues]
    clicks = (office.say("approve", case.case_id, "head", {"digest": case.digest}) for case in cases)
    edits = (house.publish(edited(payload("改了"), issue_id=issue_id)) for issue_id in issues)
    answers, _ = await asyncio.gather(asyncio.gather(*clicks), asyncio.gather(*edits))
    await office.settled()
    for answer, issue_id in zip(answers, issues, strict=True):
        won = answer.status_code == 200
        assert won or answer.json()["code"] == "review.case_voided"
        assert await consistent(office, issue_id) == ("voided+permit" if won else "voided")
