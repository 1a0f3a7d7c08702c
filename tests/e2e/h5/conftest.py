"""Fixtures: one staged community per test run, one Chromium, and windows of it as phone or desk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from stack.places import REPOSITORY
from stack.web import script
from tests.e2e.h5.people import Village
from tests.e2e.h5.scene import play
from tests.e2e.h5.stage import Staged
from tests.e2e.h5.windows import Windows

# Long enough for a machine that does other things as well; nobody waits that long when all is well.
expect.set_options(timeout=20_000)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    """Where Chromium is; a machine without one fails these tests, for nothing else would see what they see."""
    wanted = os.environ.get("GUANWEI_CHROMIUM")
    found = wanted or next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
    if not found or not Path(found).exists():
        pytest.fail("no Chromium: install it (Debian: apt-get install chromium) or set GUANWEI_CHROMIUM=/path/to/it")
    return found


# Not for the session: a browser of Playwright's keeps an event loop in this thread, and asynchronous tests that come
# after these could not run theirs.
@pytest.fixture(scope="package")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    """A community with people in it, on real servers."""
    folder = tmp_path_factory.mktemp("h5")
    command = [sys.executable, "-m", "tests.e2e.h5.stage", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with (folder / "stage.log").open("w") as log:
        stage = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert stage.stdin and stage.stdout
    line = next((line for line in iter(stage.stdout.readline, "") if line.startswith("{")), None)
    if line is None:
        stage.wait(60)
        pytest.fail(f"the stage did not come up:\n{(folder / 'stage.log').read_text()[-4000:]}")
    found = Village(Staged(**json.loads(line)))
    try:
        found.posts.update(play(found))
        yield found
    finally:
        for person in found.people.values():
            person.http.close()
        stage.stdin.close()
        stage.stdout.close()
        stage.wait(60)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    return script("axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def windows(village: Village, browser: Browser, axe_source: str) -> Iterator[Windows]:
    """Opens windows; whatever went wrong in one of them fails the test."""
    found = Windows(village, browser, axe_source)
    yield found
    found.close()
