"""Ways to make commands meet: taking turns in an order that a seed decides, held at a certain place, or let loose."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.permit import digest_of
from kit.refusal import Refusal
from kit.transaction import Tx
from services.review.commands.adopt_process import AdoptProcess, adopt_process
from services.review.commands.approve_case import ApproveCase, approve_case
from services.review.commands.grant_role import GrantRole, grant_role
from services.review.commands.open_case import OpenCase, open_case
from services.review.commands.revoke_role import RevokeRole, revoke_role
from services.review.commands.turn_down_case import TurnDownCase, turn_down_case
from services.review.commands.void_case import EDITED, VoidCase, void_case
from services.review.domain.case import Case, Word
from services.review.domain.people import People, Viewer
from services.review.domain.routing import FiledStep, Process
from services.review.ports import Records
from services.review.repositories import MongoCases, MongoProcesses, MongoStaff
from tests.integration.review.office import Office
from tests.support.services import eventually
from tests.unit.review.shapes import UNIT, payload, submission

DIGEST = digest_of(payload())


@dataclass
class Pause:
    """Stops whoever comes by until it is lifted; attempts are counted, also those that the store turned away."""

    tried: int = 0
    passed: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    lifted: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self) -> None:
        self.passed += 1
        self.reached.set()
        await self.lifted.wait()


@dataclass
class Conductor:
    """Of several commands one runs at a time, from one call of a port to the next."""

    order: random.Random
    parked: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def records(self, actor: str, records: Records) -> Records:
        """The ports, with a turn to wait for before each call."""
        parts = {name: Stepping(port, self, actor) for name, port in vars(records).items()}
        return Records(**parts)  # type: ignore[arg-type]

    async def turn(self, actor: str) -> None:
        self.parked[actor] = asyncio.get_running_loop().create_future()
        self.moved.set()
        await self.parked[actor]

    async def conduct(self, acts: dict[str, Coroutine[Any, Any, str]]) -> dict[str, str]:
        """Run them to their ends; what each answered."""
        tasks = {actor: asyncio.create_task(act) for actor, act in acts.items()}
        for task in tasks.values():
            task.add_done_callback(lambda _: self.moved.set())
        while living := {actor for actor, task in tasks.items() if not task.done()}:
            if living <= set(self.parked):
                self.parked.pop(self.order.choice(sorted(living))).set_result(None)
            self.moved.clear()
            await self.moved.wait()
        return {actor: await task for actor, task in tasks.items()}


@dataclass
class Stepping:
    """Any port, whose calls wait for their turn."""

    port: Any
    conductor: Conductor
    actor: str

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any) -> Any:
            await self.conductor.turn(self.actor)
            return await getattr(self.port, name)(*args)

        return call


@dataclass
class PausingCases(MongoCases):
    pause: Pause

    async def load(self, tx: Tx, case_id: str) -> Case:
        self.pause.tried += 1
        case = await super().load(tx, case_id)
        await self.pause.wait()
        return case

    async def standing(self, tx: Tx, subject_id: str) -> Case | None:
        self.pause.tried += 1
        case = await super().standing(tx, subject_id)
        await self.pause.wait()
        return case


@dataclass
class PausingProcesses(MongoProcesses):
    pause: Pause

    async def hold(self, tx: Tx, unit_path: str) -> Process | None:
        self.pause.tried += 1
        process = await super().hold(tx, unit_path)
        await self.pause.wait()
        return process


@dataclass
class PausingStaff(MongoStaff):
    pause: Pause

    async def hold(self, tx: Tx, person_ids: Iterable[str]) -> People:
        self.pause.tried += 1
        people = await super().hold(tx, person_ids)
        await self.pause.wait()
        return people


@dataclass
class Desk:
    """Commands as transactions of the office's store."""

    office: Office
    subject_id: str = "issue"
    records: Records | None = None

    async def run(self, work: Callable[[Tx, Records], Awaitable[Any]]) -> str:
        """`done`, or the code of the refusal."""
        deps = self.office.deps
        try:
            await deps.store.transact(lambda tx: work(tx, self.records or deps.records))
        except Refusal as refusal:
            return refusal.code
        return "done"

    async def open(self) -> str:
        about = submission(subject_id=self.subject_id)

        async def work(tx: Tx, records: Records) -> None:
            await open_case(tx, OpenCase(about, payload()), records=records)

        return await self.run(work)

    async def approve(self, case_id: str, person_id: str = "head") -> str:
        command = ApproveCase(case_id, Viewer(person_id, ()), Word(DIGEST))
        deps = self.office.deps

        async def work(tx: Tx, records: Records) -> None:
            await approve_case(tx, command, records=records, seal=deps.seal, lasts=deps.permit_lasts)

        return await self.run(work)

    async def reject(self, case_id: str, person_id: str = "deputy") -> str:
        command = TurnDownCase(case_id, Viewer(person_id, ()), Word(DIGEST, "不妥"), "rejected")

        async def work(tx: Tx, records: Records) -> None:
            await turn_down_case(tx, command, records=records)

        return await self.run(work)

    async def edit(self) -> str:
        async def work(tx: Tx, records: Records) -> None:
            await void_case(tx, VoidCase(self.subject_id, "editor", EDITED, "sha256:other"), records=records)

        return await self.run(work)

    async def file(self, *person_ids: str, version: int = 9) -> str:
        filed = Process("process", UNIT, version, "GW-2026-0009", (FiledStep("审核", "any_of", person_ids),))

        async def work(tx: Tx, records: Records) -> None:
            await adopt_process(tx, AdoptProcess(filed), records=records)

        return await self.run(work)

    async def grant(self, person_id: str) -> str:
        async def work(tx: Tx, records: Records) -> None:
            await grant_role(tx, GrantRole(person_id, person_id, "head", UNIT), records=records)

        return await self.run(work)

    async def revoke(self, person_id: str) -> str:
        async def work(tx: Tx, records: Records) -> None:
            await revoke_role(tx, RevokeRole(person_id, "head", UNIT), records=records)

        return await self.run(work)

    async def case(self) -> dict[str, Any]:
        rows = self.office.gateway.database["cases"].find({"submission.subject_id": self.subject_id})
        found: dict[str, Any] = (await rows.sort("_id", -1).to_list(1))[0]
        return found

    def with_ports(self, **ports: Any) -> Desk:
        return Desk(self.office, self.subject_id, replace(self.office.deps.records, **ports))


async def consistent(office: Office, subject_id: str) -> str:
    """What the subject came to, after everything that must agree was found to agree."""
    database = office.gateway.database
    case = await Desk(office, subject_id).case()
    permits = await database["permits"].find({"case_id": case["_id"]}).to_list(10)
    kinds = Counter([row["entry"]["kind"] async for row in database["audit"].find({"entry.case_id": case["_id"]})])
    types = Counter(
        [row["type"].split(".", 1)[1] async for row in database["outbox"].find({"body": {"$regex": case["_id"]}})]
    )
    granted = len(permits)
    voided = sum(permit["voided_at"] is not None for permit in permits)
    assert granted == (case["permit_id"] is not None) == kinds["permit_granted"] == types["permit.granted.v1"] <= 1
    assert voided == kinds["permit_voided"] == types["permit.voided.v1"]
    assert types["case.voided.v1"] == kinds["voided"] == (case["state"] == "voided")
    assert voided == granted if case["state"] == "voided" else voided == 0
    assert (case["state"] == "approved") == (granted == 1 and voided == 0)
    assert types["case.decided.v1"] == granted + kinds["rejected"] <= 1
    return f"{case['state']}+permit" if granted else str(case["state"])


async def opened(office: Office, number: int = 0) -> tuple[Desk, str]:
    desk = Desk(office, f"issue-{number}")
    assert await desk.open() == "done"
    return desk, (await desk.case())["_id"]


async def until_turned_away(who: Pause) -> None:
    """The store refused an attempt, because of the one that pauses."""

    async def look() -> bool:
        return who.tried > 1

    await eventually(look, "a second attempt")
    assert not who.reached.is_set()
