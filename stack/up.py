"""`guanwei up`: a stack on the terminal until somebody stops it."""

from __future__ import annotations

import asyncio
import signal
import sys

from stack.console import Console
from stack.options import Options
from stack.places import ProgramMissing
from stack.ports import PortTaken
from stack.seeded import read_seeded
from stack.supervisor import PartFailed
from stack.system import AlreadyRunning, Stack
from stack.welcome import introduce

STOPPED_WHILE_STARTING = 130


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
    """On a folder's first start: the example group, made by the main job through the gateways.

    Where it fails the stack stays up to be looked at, and the next start goes on from there.
    """
    if read_seeded(stack.state) is not None:
        return
    from stack.demo import make_example as play
    from stack.demo.steps import StepFailed

    try:
        await play(stack.record, console)
    except StepFailed as failed:
        console.say(f"The example group is not complete: step {failed} failed. The next start goes on from there.")
