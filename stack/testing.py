"""`guanwei test`: pytest on all cores, with a JUnit report under `.guanwei/`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from stack.places import DEFAULT_STATE, REPOSITORY

_DISTRIBUTION = ("-n", "--numprocesses", "--dist", "-p")


def run(arguments: Sequence[str]) -> int:
    """pytest's exit code. Its own last line is the last that is printed."""
    report = DEFAULT_STATE.make().root / "junit.xml"
    given = [argument for argument in arguments if argument != "--"]
    spread = [] if any(argument.startswith(_DISTRIBUTION) for argument in given) else ["-n", str(os.cpu_count() or 1)]
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *spread, *given]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, cwd=REPOSITORY, env=environment, check=False).returncode
