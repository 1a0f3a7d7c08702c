"""A part that is killed on purpose comes back at once, and that as often as it is killed."""

from __future__ import annotations

import io
import sys

import pytest

from stack.chaos.nemesis import Nemesis
from stack.child import Launch
from stack.console import Console
from stack.supervisor import Part, Supervisor


def sleeper(name: str) -> Part:
    return Part(name, lambda: Launch((sys.executable, "-S", "-c", "import signal; signal.pause()")))


async def test_a_part_comes_back_from_more_crashes_than_it_may_fail_by_itself() -> None:
    supervisor = Supervisor([sleeper("service")], Console(io.StringIO()))
    await supervisor.start()
    pids = {supervisor.pids["service"]}
    for _ in range(8):
        assert supervisor.crash("service") in pids
        await supervisor.until_ready("service")
        pids.add(supervisor.pids["service"])
    assert len(pids) == 9
    await supervisor.stop()


@pytest.mark.parametrize("seed", [1, 2])
async def test_each_kind_of_fault_happens_although_the_time_is_over_and_in_the_seeds_order(seed: int) -> None:
    async def kinds() -> list[str]:
        supervisor = Supervisor([sleeper(name) for name in "abc"], Console(io.StringIO()))
        await supervisor.start()
        said = io.StringIO()
        parts = {f"kind-{name}": name for name in "abc"}
        nemesis = Nemesis(supervisor, parts, lambda: 0, seed, (0.0, 0.0), 0, Console(said))
        await nemesis.strike(lambda: True)
        await supervisor.kill()
        assert nemesis.complete and nemesis.counts.total() == 3
        return [line.split()[2] for line in said.getvalue().splitlines()]

    assert await kinds() == await kinds()
