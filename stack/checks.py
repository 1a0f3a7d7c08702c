"""`guanwei check`: everything that can be judged without running the system."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stack.places import REPOSITORY, program

_TYPED = ("kit", "contracts", "services", "stack", "sandbox", "bench", "tests")


@dataclass(frozen=True)
class Check:
    """One command that has to end with 0."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    check: Check
    code: int
    seconds: float
    output: str


def run(what: str) -> int:
    """0 when every check holds; what does not is printed in full."""
    with tempfile.TemporaryDirectory(prefix="guanwei-check-") as folder:
        checks = [*(_of_code() if what == "all" else []), *_of_deploy(Path(folder))]
        return asyncio.run(_run_all(checks))


async def _run_all(checks: Sequence[Check]) -> int:
    """All of them, as many at a time as there are cores; reported in order."""
    free = asyncio.Semaphore(os.cpu_count() or 1)

    async def limited(check: Check) -> Outcome:
        async with free:
            return await _run_one(check)

    failed = 0
    for pending in [asyncio.create_task(limited(check)) for check in checks]:
        outcome = await pending
        print(
            f"{'ok    ' if outcome.code == 0 else 'FAILED'}  {outcome.seconds:5.1f} s  {outcome.check.name}", flush=True
        )
        if outcome.code != 0:
            failed += 1
            print(outcome.output.rstrip() + "\n", flush=True)
    print(f"{len(checks) - failed} checks hold, {failed} do not")
    return 1 if failed else 0


async def _run_one(check: Check) -> Outcome:
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *check.command,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **check.environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return Outcome(check, process.returncode or 0, time.monotonic() - began, output.decode("utf-8", "replace"))


def _of_code() -> list[Check]:
    typed = [name for name in _TYPED if (REPOSITORY / name).is_dir()]
    return [
        Check("types", _python("mypy", "--strict", *typed)),
        Check("lint", _python("ruff", "check")),
        Check("format", _python("ruff", "format", "--check")),
        Check("import contracts", (sys.executable, str(program("lint-imports")), "--no-logo")),
        Check("generated files are current", _python("stack.generate", "--check")),
        Check("followers' page: types and lint", _python("stack.web", "check")),
        Check("followers' page: unit tests", _python("stack.web", "test")),
    ]


def _of_deploy(folder: Path) -> list[Check]:
    """What lies in deploy/, judged by the programs that read it."""
    from stack.servers import SERVICES
    from stack.servers.permissions import PROVISION, password_variable

    edge = ("validate", "--adapter", "caddyfile", "--config", "deploy/edge/Caddyfile")
    nats = {
        "NATS_HOST": "127.0.0.1",
        "NATS_PORT": "4222",
        "NATS_MONITOR_PORT": "8222",
        "NATS_STORE": str(folder),
        **{password_variable(user): "placeholder" for user in (PROVISION, *SERVICES)},
    }
    return [
        Check("edge configuration", (str(program("caddy")), *edge), {"HOME": str(folder)}),
        Check("nats configuration", (str(program("nats-server")), "-t", "-c", "deploy/nats/server.conf"), nats),
    ]


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)
