"""The launcher: works from anywhere with nothing set, and fills .venv once, whole, and again when the lock changed.

The real .venv serves where only the hand-over counts. Filling one takes a minute and the network, so those tests put a
recorder in uv's place, in a copy of the checkout.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from stack.cli import app
from stack.places import REPOSITORY

# Notes each sync. As long as the file `hold` is there it does not end; `fail` makes it end as an interrupted one would.
RECORDER = """#!/bin/sh
here=$(dirname "$0")
[ "$1" = --version ] && { echo "uv 0.13.9"; exit; }
echo sync >>"$here/syncs"
while [ -e "$here/hold" ]; do sleep 0.05; done
[ ! -e "$here/fail" ] || exit 1
"""


class Checkout:
    """A copy of the launcher with a .venv that only looks like one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bin = root / ".venv" / "bin"
        self.bin.mkdir(parents=True)
        (root / "stack").mkdir()
        (root / "stack" / "cli.py").write_text(
            "import sys, os; print(os.getcwd(), os.environ['PYTHONPATH'], sys.argv[1:])"
        )
        shutil.copy(REPOSITORY / "guanwei", root / "guanwei")
        (root / "requirements.lock").write_text("one==1\n")
        (self.bin / "python").symlink_to(sys.executable)
        (self.bin / "uv").write_text(RECORDER)
        (self.bin / "uv").chmod(0o755)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        environment = {"PATH": os.environ["PATH"], "HOME": ""}
        return subprocess.Popen(
            [self.root / "guanwei", *arguments],
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=30)
        return process.returncode, output, errors

    @property
    def syncs(self) -> int:
        path = self.bin / "syncs"
        return len(path.read_text().splitlines()) if path.exists() else 0

    @property
    def turn(self) -> Path:
        return self.root / ".guanwei" / "setup.lock"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "a checkout")


def test_help_from_anywhere_without_home_or_terminal(tmp_path: Path) -> None:
    told = subprocess.run(
        [REPOSITORY / "guanwei", "--help"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage:" in told.stdout
    assert "up " in told.stdout


def test_arguments_arrive_and_the_working_directory_stays(checkout: Checkout) -> None:
    code, output, _ = checkout.run("test", "a b", "--", "-k", "x")
    assert (code, output) == (0, f"/ {checkout.root} ['test', 'a b', '--', '-k', 'x']\n")


def test_packages_are_installed_once_and_again_when_the_lock_changed(checkout: Checkout) -> None:
    checkout.run("up")
    assert checkout.run("up")[2] == ""
    assert checkout.syncs == 1
    (checkout.root / "requirements.lock").write_text("one==2\n")
    checkout.run("up")
    assert checkout.syncs == 2


def test_an_interrupted_installation_is_repeated(checkout: Checkout) -> None:
    (checkout.bin / "fail").touch()
    code, output, errors = checkout.run("up")
    assert (code, output) == (1, "")
    assert "could not be installed" in errors
    (checkout.bin / "fail").unlink()
    assert checkout.run("up")[0] == 0
    assert checkout.syncs == 2
    assert not checkout.turn.exists()


def test_launchers_at_the_same_time_install_once(checkout: Checkout) -> None:
    (checkout.bin / "hold").touch()
    launchers = [checkout.start("up") for _ in range(3)]
    first_lines = [launcher.stderr.readline() for launcher in launchers if launcher.stderr is not None]
    assert sum("is setting up; waiting" in line for line in first_lines) == 2
    (checkout.bin / "hold").unlink()
    assert [launcher.wait(timeout=30) for launcher in launchers] == [0, 0, 0]
    for launcher in launchers:
        launcher.communicate()
    assert checkout.syncs == 1


def test_a_turn_left_by_a_dead_launcher_is_taken_over(checkout: Checkout) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    checkout.turn.mkdir(parents=True)
    (checkout.turn / "pid").write_text(f"{ended.pid}\n")
    assert checkout.run("up")[0] == 0
    assert checkout.syncs == 1
    assert not checkout.turn.exists()


def test_help_needs_no_packages_and_names_every_command(checkout: Checkout) -> None:
    code, output, errors = checkout.run("--help")
    assert (code, errors, checkout.syncs) == (0, "", 0)
    told = re.findall(r"^  ([a-z-]+) +\S", output, re.MULTILINE)
    assert sorted(told) == sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_without_a_python_that_is_new_enough_it_says_so(checkout: Checkout, tmp_path: Path) -> None:
    (checkout.bin / "python").unlink()
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("dirname", "cmp", "mkdir", "cat", "rm", "sh"):
        (tools / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
    told = subprocess.run(
        [checkout.root / "guanwei", "up"], env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert "no Python 3.11 or newer found on PATH" in told.stderr
    assert not checkout.turn.exists()
