"""The supervisor: order, restarts, stopping, and that nothing outlives it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stack.child import Child, Launch
from stack.console import Console
from stack.options import Options
from stack.places import REPOSITORY
from stack.ports import PortTaken, free_ports, is_free, require_free
from stack.readiness import NotReady, http_ok, until
from stack.record import SUPERVISOR, Record, read_record
from stack.supervisor import Part, PartFailed, Supervisor
from stack.system import AlreadyRunning, Stack

TETHER = REPOSITORY / "stack" / "tether.py"


def script(text: str) -> Launch:
    """A Python program as a part's process."""
    return Launch((sys.executable, "-u", "-c", text))


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that is dead and not yet reaped does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.strip().startswith("Z")


async def gone(pid: int) -> None:
    async def check() -> None:
        if is_alive(pid):
            raise NotReady(f"{pid} is alive")

    await until(check, 10.0)


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


async def test_parts_start_after_what_they_need_and_stop_before_it(output: io.StringIO, tmp_path: Path) -> None:
    diary = tmp_path / "diary"

    def part(name: str, *needs: str) -> Part:
        text = f"""
import signal, sys
def note(what): open({str(diary)!r}, "a").write(what + " {name}\\n")
signal.signal(signal.SIGTERM, lambda *_: (note("stop"), sys.exit(0)))
note("start")
signal.pause()
"""

        async def started() -> None:
            if not diary.exists() or f"start {name}\n" not in diary.read_text():
                raise NotReady(name)

        return Part(name, lambda: script(text), lambda: until(started, 10.0), needs)

    supervisor = Supervisor([part("service", "streams"), part("streams", "server"), part("server")], Console(output))
    await supervisor.start()
    await supervisor.stop()
    up, down = ["start server", "start streams", "start service"], ["stop service", "stop streams", "stop server"]
    assert diary.read_text().splitlines() == up + down


async def test_a_part_that_ends_before_it_is_ready_fails_with_its_last_lines(output: io.StringIO) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    supervisor = Supervisor([Part("server", lambda: script("print('no disk'); exit(4)"), never)], Console(output))
    with pytest.raises(PartFailed, match=r"server: ended with exit code 4 before it was ready\n +no disk"):
        await supervisor.start()
    await supervisor.stop()


async def test_a_part_that_dies_is_reported_and_started_again(output: io.StringIO) -> None:
    launch = script("import signal; print('serving'); signal.pause()")
    supervisor = Supervisor([Part("service", lambda: launch)], Console(output))
    restarted = asyncio.Event()
    supervisor.restarted = restarted.set
    await supervisor.start()
    first = supervisor.pids["service"]
    os.kill(first, signal.SIGKILL)
    await asyncio.wait_for(restarted.wait(), 10)
    assert supervisor.pids["service"] != first
    assert "service: signal 9; its last lines:" in output.getvalue()
    await supervisor.stop()


async def test_a_part_that_ignores_sigterm_is_killed(output: io.StringIO) -> None:
    text = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf')\nwhile True: signal.pause()"
    heard = asyncio.Event()
    loop = asyncio.get_running_loop()

    def shown(_line: str) -> None:
        loop.call_soon_threadsafe(heard.set)

    part = Part("deaf", lambda: script(text), heard.wait, grace_seconds=0.2, shown=shown)  # type: ignore[arg-type]
    supervisor = Supervisor([part], Console(output))
    await supervisor.start()
    pid = supervisor.pids["deaf"]
    await supervisor.stop()
    assert not is_alive(pid)


async def test_lines_carry_the_part_and_no_colour_off_a_terminal(output: io.StringIO) -> None:
    child_said = asyncio.Event()
    loop = asyncio.get_running_loop()
    console = Console(output)

    def line(text: str) -> None:
        console.line("registry", text)
        loop.call_soon_threadsafe(child_said.set)

    child = Child(script("print('你好')"), line)
    await child.wait()
    await asyncio.wait_for(child_said.wait(), 5)
    assert output.getvalue() == "       registry │ 你好\n"


def test_all_taken_ports_are_named_with_their_parts() -> None:
    with contextlib.ExitStack() as sockets:
        ports = free_ports(["edge", "mongod", "nats"])
        for part in ("edge", "nats"):
            listener = sockets.enter_context(socket.socket())
            listener.bind(("127.0.0.1", ports[part]))
            listener.listen()
        with pytest.raises(PortTaken) as taken:
            require_free(ports)
    assert taken.value.taken == {"edge": ports["edge"], "nats": ports["nats"]}
    assert f"port {ports['edge']} (edge), port {ports['nats']} (nats): already taken" in str(taken.value)
    assert "--ephemeral" in str(taken.value)


def test_free_ports_lie_below_those_that_clients_get() -> None:
    ports = free_ports(str(number) for number in range(50))
    assert len(set(ports.values())) == 50
    assert max(ports.values()) < 32768
    assert all(is_free(port) for port in ports.values())


async def test_a_second_stack_on_the_same_folder_is_told_of_the_first(own_folder: Path, output: io.StringIO) -> None:
    options = Options(folder=own_folder, only=("nats", "edge"))
    async with Stack.start(options, Console(output)) as stack:
        await http_ok(stack.addresses["edge"] + "/")
        with pytest.raises(AlreadyRunning, match=re.escape(stack.addresses["edge"])):
            async with Stack.start(options, Console(output)):
                pytest.fail("two stacks on one folder")
    assert read_record(own_folder / "stack.json") is None


async def test_the_record_follows_a_restarted_part(own_folder: Path, output: io.StringIO) -> None:
    async with Stack.start(Options(folder=own_folder, only=("nats",)), Console(output)) as stack:
        first = stack.supervisor.pids["nats"]
        os.kill(first, signal.SIGKILL)

        async def replaced() -> None:
            record = read_record(own_folder / "stack.json")
            if record is None or record.pids.get("nats") in (first, None):
                raise NotReady("still the old process")

        await until(replaced, 10.0)
        await http_ok(stack.addresses["nats_monitor"] + "/healthz")


def test_a_record_left_behind_counts_for_nothing(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    path = tmp_path / "stack.json"
    Record({}, {SUPERVISOR: ended.pid}, {}, 1.0, str(tmp_path)).write(path)
    assert read_record(path) is None
    path.write_text('{"addresses": {}}')
    assert read_record(path) is None


class Running:
    """`up --ephemeral` with mongod and nats-server only, as a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "stack.cli", "up", "--ephemeral", "--only", "mongod", "--only", "nats"]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd="/")
        assert self.process.stdout is not None
        self.lines: list[str] = []
        for line in self.process.stdout:
            self.lines.append(line)
            if "stops it" in line:
                break
        path = next(line.split()[0] for line in self.lines if "addresses and processes of this stack" in line)
        record = read_record(Path(path))
        assert record is not None
        self.path, self.record = Path(path), record

    @property
    def parts(self) -> list[int]:
        return [pid for name, pid in self.record.pids.items() if name != SUPERVISOR]


@pytest.fixture
def running() -> Iterator[Running]:
    stack = Running()
    yield stack
    stack.process.kill()
    stack.process.communicate()
    # A killed supervisor cannot remove its data.
    shutil.rmtree(stack.record.root, ignore_errors=True)


async def test_nothing_outlives_a_killed_supervisor(running: Running) -> None:
    assert len(running.parts) == 2
    assert all(is_alive(pid) for pid in running.parts)
    running.process.kill()
    running.process.wait()
    for pid in running.parts:
        await gone(pid)
    # Another stack may have begun meanwhile, and say so there.
    assert read_record(running.path) != running.record


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_everything_and_clears_up(running: Running, number: signal.Signals) -> None:
    running.process.send_signal(number)
    assert running.process.wait(timeout=20) == 0
    assert not any(is_alive(pid) for pid in running.parts)
    assert not running.path.exists() or read_record(running.path) != running.record
    assert not running.record.root.exists()


def spawn_tethered(by_pipe: bool) -> Callable[[], subprocess.Popen[str]]:
    """A parent process that starts a sleeper through tether.py, prints its pid, and waits."""
    mode = ["--pipe"] if by_pipe else []
    text = f"""
import os, subprocess, sys, signal
command = [sys.executable, "-I", "-S", {str(TETHER)!r}, *{mode!r}, str(os.getpid()), sys.executable, "-u", "-c",
           "import os, signal; print(os.getpid()); signal.pause()"]
child = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
print("parent", child.pid, flush=True)
signal.pause()
"""
    return lambda: subprocess.Popen([sys.executable, "-u", "-c", text], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("by_pipe", [False, True], ids=["by the kernel", "by a watcher"])
async def test_a_tethered_program_keeps_its_pid_and_dies_with_its_parent(by_pipe: bool) -> None:
    with spawn_tethered(by_pipe)() as parent:
        assert parent.stdout is not None
        said = sorted([parent.stdout.readline().split()[-1], parent.stdout.readline().split()[-1]])
        assert said[0] == said[1]
        pid = int(said[0])
        assert is_alive(pid)
        began = time.monotonic()
        parent.kill()
        await gone(pid)
        assert time.monotonic() - began < 5
