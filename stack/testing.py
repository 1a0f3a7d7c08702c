"""`guanwei test`: pytest on all cores, with a JUnit report under `.guanwei/`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from stack import browser
from stack.places import DEFAULT_STATE, REPOSITORY

_DISTRIBUTION = ("-n", "--numprocesses", "--dist", "-p")
_BROWSER_TESTS = REPOSITORY / "tests" / "e2e" / "h5"
# Tests of one `xdist_group` share a process, and with it what is started once per process.
_SPREAD = ["-n", str(os.cpu_count() or 1), "--dist", "loadgroup"]


def run(arguments: Sequence[str]) -> int:
    """pytest's exit code. Its own last line is the last that is printed."""
    report = DEFAULT_STATE.make().root / "junit.xml"
    given = [argument for argument in arguments if argument != "--"]
    spread = [] if any(argument.startswith(_DISTRIBUTION) for argument in given) else _SPREAD
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *spread, *given]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    if _opens_pages(given):
        browser.ensure()
    return subprocess.run(command, cwd=REPOSITORY, env=environment, check=False).returncode


def _opens_pages(arguments: Sequence[str]) -> bool:
    """Whether the browser tests are among those that were asked for."""
    named = [Path(argument.partition("::")[0]).resolve() for argument in arguments if not argument.startswith("-")]
    paths = [path for path in named if path.exists()]
    return not paths or any(
        path.is_relative_to(_BROWSER_TESTS) or _BROWSER_TESTS.is_relative_to(path) for path in paths
    )
