"""`guanwei demo`."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from stack.console import Console
from stack.demo import trace
from stack.demo.gateway import hold
from stack.demo.play import play_main_job
from stack.demo.stage import set_stage
from stack.demo.steps import StepFailed, Steps
from stack.places import DEFAULT_STATE, ProgramMissing
from stack.ports import PortTaken
from stack.record import Record
from stack.servers import SERVICES
from stack.supervisor import PartFailed
from stack.system import AlreadyRunning, reach
from stack.tracing.spans import Span

PICTURE = DEFAULT_STATE.root / "demo-trace.svg"
NEEDED = ("edge", "wechat", *SERVICES)
STOPPED = 130


class CannotPlay(Exception):
    """There is no stage for the play; the text says why."""


def run(json_file: Path | None) -> int:
    """0 when every step held."""
    try:
        if json_file is not None and not json_file.parent.is_dir():
            raise CannotPlay(f"no such folder: {json_file.parent}")
        return asyncio.run(_run(Console(), json_file))
    except (AlreadyRunning, PortTaken, ProgramMissing, PartFailed, CannotPlay) as error:
        print(f"guanwei: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("guanwei: stopped", file=sys.stderr)
        return STOPPED


async def _run(console: Console, json_file: Path | None) -> int:
    playing = asyncio.current_task()
    assert playing is not None
    # A stack of our own is stopped in order and its folder removed, whoever ends us.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    async with reach(_Quiet(console)) as record:
        steps, spans = await play(record, console)
    if json_file is not None:
        write_json(json_file, steps, spans)
    held = sum(step.ok for step in steps.done)
    seconds = sum(step.seconds for step in steps.done)
    console.say()
    console.say(console.strong(f"{held} of {len(steps.done)} steps hold, {seconds:.1f} s."))
    return 0 if steps.all_hold else 1


async def play(record: Record, console: Console) -> tuple[Steps, list[Span]]:
    """The main job on this stack, step by step, and the trace of its click on *approve*; it ends with what fails.

    Raises:
        CannotPlay: parts that it needs are not running.
    """
    lacking = [name for name in NEEDED if name not in record.addresses]
    if lacking:
        raise CannotPlay(f"the running stack has no {', '.join(lacking)}: start it without --only")
    started = datetime.now().astimezone()
    steps = Steps(console.say)
    spans: list[Span] = []
    console.say(console.strong(f"The main job on {record.addresses['edge']}:"))
    try:
        play_id, mark = f"{started:%m%d%H%M%S%f}", f"·{started:%m%d-%H%M%S}"
        async with set_stage(record, steps, play=play_id, proving=True, mark=mark) as stage:
            news = await play_main_job(stage)
        with steps.step("trace", "One click, one trace") as step:
            hold("tracing" in record.addresses, "this stack sends its traces to a receiver that is not ours to ask")
            tracing, trace_id = record.addresses["tracing"], news.order["trace_id"]
            spans = await trace.fetch(tracing, trace_id)
            trace.check(spans, step)
            await trace.keep_picture(tracing, trace_id, PICTURE)
            step.proves(f"picture: {PICTURE}")
    except StepFailed:
        pass
    for line in trace.tree(spans):
        console.say(f"  {line}")
    return steps, spans


def write_json(path: Path, steps: Steps, spans: Sequence[Span]) -> None:
    """As design.md §7 says."""
    told = [{"name": one.name, "ok": one.ok, "seconds": one.seconds, "proof": one.proof} for one in steps.done]
    document = {"steps": told, "trace": trace.document(spans)}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


class _Quiet(Console):
    """The console of a stack that is started for the demo alone: what its parts say is in their logs."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def line(self, part: str, text: str) -> None:
        return

    def say(self, text: str = "") -> None:
        self._console.say(text)
