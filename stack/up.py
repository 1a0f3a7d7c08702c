"""`guanwei up`: a stack on the terminal until somebody stops it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from stack.console import Console
from stack.options import Options
from stack.places import ProgramMissing
from stack.ports import PortTaken
from stack.supervisor import PartFailed
from stack.system import AlreadyRunning, Stack

STOPPED_WHILE_STARTING = 130

_SHOWN = (
    ("edge", "start page"),
    ("wechat", "WeChat sandbox: act as a follower, inject faults"),
    ("tracing", "traces"),
)


def up(options: Options, *, empty: bool) -> int:
    """Run until Ctrl-C or SIGTERM (once: stop in order; twice: kill); the exit code."""
    try:
        return asyncio.run(_run(options, empty))
    except (AlreadyRunning, PortTaken, ProgramMissing, PartFailed) as error:
        print(f"guanwei: {error}", file=sys.stderr)
        return 1


async def _run(options: Options, empty: bool) -> int:
    console = Console()
    is_ready = asyncio.Event()
    life = asyncio.create_task(_live(options, console, is_ready, empty))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, _cancel, life, console)
    try:
        await life
    except asyncio.CancelledError:
        console.say("Stopped.")
    return 0 if is_ready.is_set() else STOPPED_WHILE_STARTING


def _cancel(life: asyncio.Task[None], console: Console) -> None:
    console.say("Stopping …" if not life.cancelling() else "Killing …")
    life.cancel()


async def _live(options: Options, console: Console, is_ready: asyncio.Event, empty: bool) -> None:
    console.say("Starting …")
    async with Stack.start(options, console) as stack:
        is_ready.set()
        beginning = asyncio.create_task(_begin(stack, console, empty))
        try:
            await asyncio.gather(stack.supervisor.until_broken(), beginning)
        finally:
            beginning.cancel()


async def _begin(stack: Stack, console: Console, empty: bool) -> None:
    if not empty:
        await make_example(stack, console)
    introduce(stack, console)


async def make_example(stack: Stack, console: Console) -> None:
    """On a folder's first start: the example matrix, made by the main job through the gateways."""
    made = stack.state.root / "example.made"
    if made.exists() or find_spec("stack.demo") is None:
        return
    from stack.demo import make_example as play

    await play(stack.record, console)
    made.touch()


def introduce(stack: Stack, console: Console) -> None:
    """Say what is ready, how long it took, how much memory it takes, and where to look."""
    record = stack.record
    memory = resident_megabytes(record.pids.values())
    console.say()
    console.say(console.strong(f"Ready after {record.ready_seconds:.1f} s, {memory:,.0f} MB resident in all."))
    for name, what in _SHOWN:
        if name in record.addresses:
            console.say(f"  {record.addresses[name]:<24} {what}")
    console.say(f"  {'described in':<24} {stack.record_path}")
    console.say(f"  {'logs':<24} {stack.state.logs}")
    console.say("Ctrl-C stops it." if sys.stdin.isatty() else f"kill {record.pids['supervisor']} stops it.")
    console.say()


def resident_megabytes(pids: Iterable[int]) -> float:
    """Resident memory of these processes together; a page that several share counts for each."""
    if sys.platform == "linux":
        page_megabytes = os.sysconf("SC_PAGESIZE") / 2**20
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids) * page_megabytes
    listed = ",".join(str(pid) for pid in pids)
    output = subprocess.run(["ps", "-o", "rss=", "-p", listed], capture_output=True, text=True, check=False).stdout
    return sum(int(word) for word in output.split()) / 1024
