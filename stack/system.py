"""A whole stack: started, described in `stack.json`, stopped.

async with Stack.start(Options(ephemeral=True)) as stack:
    stack.addresses["edge"]
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import fcntl
import os
import platform
import shutil
import tempfile
import time
import tomllib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from stack.console import Console
from stack.layout import Layout, lay_out
from stack.options import Options
from stack.parts import all_parts, selected
from stack.parts.servers import own_mongod, own_nats
from stack.places import DEFAULT_STATE, REPOSITORY, State, program
from stack.ports import LOOPBACK, require_free
from stack.record import RECORD, SUPERVISOR, Record, read_record, remove_record
from stack.supervisor import Part, Supervisor


class AlreadyRunning(Exception):
    """Another process runs a stack on the same state folder."""

    def __init__(self, record: Record | None) -> None:
        self.record = record
        where = f" at {record.addresses.get('edge', 'an unknown address')}" if record is not None else ""
        pid = f" (pid {record.pids[SUPERVISOR]})" if record is not None else ""
        super().__init__(
            f"a stack is already running{where}{pid}: use it, stop it, or start a second one with --ephemeral"
            if record is not None
            else "a stack is just starting or stopping in another process; wait for it, or use --ephemeral"
        )


@dataclasses.dataclass(frozen=True)
class Stack:
    """A running stack."""

    layout: Layout
    record: Record
    record_path: Path
    supervisor: Supervisor

    @property
    def addresses(self) -> dict[str, str]:
        return self.record.addresses

    @property
    def state(self) -> State:
        return self.layout.state

    @classmethod
    @contextlib.asynccontextmanager
    async def start(cls, options: Options, console: Console | None = None) -> AsyncIterator[Stack]:
        """A stack for the length of the block.

        Raises AlreadyRunning, PortTaken, ProgramMissing, or PartFailed with the part's last lines.
        """
        began = time.monotonic()
        with _state(options) as state:
            layout = lay_out(options, state)
            parts = selected(all_parts(layout), options.only)
            require_free(_ports(layout, parts))
            supervisor = Supervisor(parts, console or Console())
            path = _record_path(options, state)
            try:
                await supervisor.start()
                stack = cls(layout, await _describe(layout, supervisor, time.monotonic() - began), path, supervisor)
                stack.write_record()
                supervisor.restarted = stack.write_record
                yield stack
            finally:
                await _stop(supervisor)
                remove_record(path)

    def write_record(self) -> None:
        """Write `stack.json` with the processes that run now."""
        pids = {SUPERVISOR: os.getpid(), **self.supervisor.pids}
        dataclasses.replace(self.record, pids=pids).write(self.record_path)


async def _stop(supervisor: Supervisor) -> None:
    try:
        await supervisor.stop()
    except asyncio.CancelledError:
        await supervisor.kill()
        raise


@contextlib.contextmanager
def _state(options: Options) -> Iterator[State]:
    if options.ephemeral:
        folder = Path(tempfile.mkdtemp(prefix="guanwei-"))
        try:
            yield State(folder).make()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    state = (State(options.folder) if options.folder else DEFAULT_STATE).make()
    with (state.root / "stack.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            record = read_record(_record_path(options, state))
            raise AlreadyRunning(record if record and not record.ephemeral else None) from None
        yield state


def _record_path(options: Options, state: State) -> Path:
    """An ephemeral stack leaves the usual place to one that was there first."""
    if options.folder or (options.ephemeral and read_record(RECORD) is not None):
        return state.root / "stack.json"
    return RECORD


def _ports(layout: Layout, parts: list[Part]) -> dict[str, int]:
    """The ports that these parts will listen on."""
    names = {part.name for part in parts if part.launch is not None}
    if "nats" in names:
        names.add("nats_monitor")
    return {name: port for name, port in layout.ports.items() if name in names}


async def _describe(layout: Layout, supervisor: Supervisor, seconds: float) -> Record:
    pids = supervisor.pids
    addresses = {name: layout.url(name) for name in pids}
    if "mongod" in pids:
        addresses["mongod"] = f"mongodb://{LOOPBACK}:{layout.ports['mongod']}"
    if "nats" in pids:
        addresses["nats"] = own_nats(layout).url
        addresses["nats_monitor"] = own_nats(layout).monitor_url
    return Record(
        addresses=addresses,
        pids={SUPERVISOR: os.getpid(), **pids},
        versions=await _versions(layout, pids),
        ready_seconds=round(seconds, 2),
        state=str(layout.state.root),
        ephemeral=layout.options.ephemeral,
    )


async def _versions(layout: Layout, running: dict[str, int]) -> dict[str, str]:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = {"guanwei": str(project["version"]), "python": platform.python_version()}
    if "mongod" in running:
        versions["mongod"] = await own_mongod(layout).version()
    if "nats" in running:
        versions["nats"] = await own_nats(layout).version()
    if "edge" in running:
        caddy = await asyncio.create_subprocess_exec(program("caddy"), "version", stdout=asyncio.subprocess.PIPE)
        output, _ = await caddy.communicate()
        versions["caddy"] = output.decode().split(" ")[0]
    return versions


@contextlib.asynccontextmanager
async def reach(console: Console | None = None) -> AsyncIterator[Record]:
    """The stack that runs here, or an ephemeral one for the length of the block."""
    record = read_record(RECORD)
    if record is not None:
        yield record
        return
    async with Stack.start(Options(ephemeral=True, environment=dict(os.environ)), console) as stack:
        yield stack.record
