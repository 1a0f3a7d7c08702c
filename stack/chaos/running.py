"""A chaos run from the command line: a stack of its own, one job or all of them, figures for people and programs."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stack.chaos import community
from stack.chaos.report import Report
from stack.chaos.setting import Setting
from stack.console import Console
from stack.options import Options
from stack.places import DEFAULT_STATE, ProgramMissing
from stack.supervisor import PartFailed
from stack.system import Stack

LOGS = DEFAULT_STATE.root / "chaos-logs"


@dataclass(frozen=True)
class Job:
    """What can be tormented: the parts that it needs, and how it is done."""

    torment: Callable[[Stack, Setting, Console], Awaitable[Report]]
    needed: tuple[str, ...]


JOBS: Mapping[str, Job] = {"community": Job(community.torment_community, community.NEEDED)}


def run(name: str | None, setting: Setting, json_file: Path | None) -> int:
    """Torment one job, or each in turn; 1 when something was violated."""
    try:
        reports = {job: asyncio.run(torment(job, setting, Console())) for job in ([name] if name else JOBS)}
    except (PartFailed, ProgramMissing) as error:
        print(f"guanwei: {error}", file=sys.stderr)
        return 1
    if json_file is not None:
        plain = {job: report.as_dict() for job, report in reports.items()}
        content: Mapping[str, Any] = plain[name] if name else plain
        json_file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(report.holds for report in reports.values()) else 1


async def torment(name: str, setting: Setting, console: Console) -> Report:
    """Run one job on a stack of its own and say what was found."""
    job = JOBS[name]
    console.say(f"chaos {name}: starting a stack …")
    options = Options(ephemeral=True, workers_apart=True, only=job.needed, environment=_outside())
    # Parts that are killed complain a lot; their logs are kept when something is wrong.
    async with Stack.start(options, Console(io.StringIO())) as stack:
        try:
            report = await _watched(stack, job.torment(stack, setting, console))
        except BaseException:
            _keep_logs(stack, name)
            raise
        if not report.holds:
            _keep_logs(stack, name)
        await stack.supervisor.kill()
    for line in report.lines():
        console.say(line)
    if not report.holds:
        console.say(f"logs of the parts: {LOGS / name}")
    return report


def _keep_logs(stack: Stack, name: str) -> None:
    shutil.rmtree(LOGS / name, ignore_errors=True)
    shutil.copytree(stack.state.logs, LOGS / name)


async def _watched(stack: Stack, tormenting: Awaitable[Report]) -> Report:
    """The report; or PartFailed, when a part would not come back."""
    working = asyncio.ensure_future(tormenting)
    broken = asyncio.ensure_future(stack.supervisor.until_broken())
    await asyncio.wait({working, broken}, return_when=asyncio.FIRST_COMPLETED)
    if working.done():
        broken.cancel()
        return working.result()
    working.cancel()
    broken.result()
    raise AssertionError("a part was given up without an error")


def _outside() -> dict[str, str]:
    """The user's environment, but never the user's servers: here they get killed."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GUANWEI_")}
