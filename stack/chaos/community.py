"""`chaos community`: members post, reply and like while the parts under them die in turn."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

from stack.chaos.calling import Refused
from stack.chaos.founding import found
from stack.chaos.members import Diary, Member, gathered
from stack.chaos.nemesis import Nemesis
from stack.chaos.recount import recount
from stack.chaos.report import Report
from stack.chaos.resting import inside, rest
from stack.chaos.setting import Setting
from stack.console import Console
from stack.layout import worker_part
from stack.system import Stack

SERVICES = ("registry", "publisher", "micro_community")
PARTS = {
    "http": "micro_community",
    "worker": worker_part("micro_community"),
    "nats": "nats",
    "mongod": "mongod",
}
"""The worker is the relay, the harvest and the consumers."""
NEEDED = (*SERVICES, *(worker_part(service) for service in SERVICES), "edge")


@dataclass
class _Load:
    """Members at work until they are told to stop; each finishes what it has begun."""

    members: list[Member]
    setting: Setting
    diary: Diary = field(default_factory=Diary)
    stopped: bool = False
    refused: list[str] = field(default_factory=list)

    async def work(self) -> None:
        ids = [member.member_id for member in self.members]
        await asyncio.gather(*(self._work(member, ids, number) for number, member in enumerate(self.members)))

    async def _work(self, member: Member, ids: list[str], number: int) -> None:
        dice = random.Random(self.setting.seed * 1_000 + number)  # noqa: S311
        while not self.stopped:
            try:
                await member.act(self.diary, ids, dice)
            except Refused as refused:
                self.refused.append(str(refused))


async def torment_community(stack: Stack, setting: Setting, console: Console) -> Report:
    """Load, faults, rest, recount."""
    report = Report(setting.seed)
    founded = await found(stack.layout)
    try:
        members = await gathered(founded, setting.people)
        console.say(f"{len(members)} members signed in; seed {setting.seed}")
        load = _Load(members, setting)
        await _under_faults(stack, load, console, report)
        report.acknowledged, report.retried = len(load.diary), founded.retries.count
        for line in load.refused:
            report.found("unresolved", line)
        async with inside(stack.layout) as look:
            await rest(look, SERVICES, report, seconds=setting.rest_seconds)
            await recount(look, founded, members, load.diary, report)
    finally:
        await founded.close()
    return report


async def _under_faults(stack: Stack, load: _Load, console: Console, report: Report) -> None:
    setting, diary, began = load.setting, load.diary, time.monotonic()

    def over() -> bool:
        late = time.monotonic() - began > setting.minutes * 60
        return late or (setting.writes is not None and len(diary) >= setting.writes)

    nemesis = Nemesis(
        stack.supervisor, PARTS, lambda: len(diary), setting.seed, setting.between, setting.moved, console
    )
    working = asyncio.create_task(load.work())
    try:
        await nemesis.strike(over)
        while not over():  # noqa: ASYNC110 - time and the diary tell
            await asyncio.sleep(0.05)
    finally:
        load.stopped = True
    await working
    for part in PARTS.values():
        await stack.supervisor.until_ready(part)
    report.minutes = (time.monotonic() - began) / 60
    report.faults = {kind: nemesis.counts[kind] for kind in PARTS}
