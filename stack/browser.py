"""A Chromium for the browser tests and the page's bench: the machine's own, or one fetched on first use.

Order: `GUANWEI_CHROMIUM`, a browser on PATH, the one fetched before into `.guanwei/browsers`. Fetched are, as root on
Debian or Ubuntu, the system's packages (with Chinese and emoji fonts), elsewhere the browser that Playwright offers.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from stack.places import DEFAULT_STATE

_NAMES = ("chromium", "google-chrome", "chromium-browser")
_FETCHED = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
_PACKAGES = ("chromium", "fontconfig", "fonts-noto-cjk", "fonts-noto-color-emoji")
_FETCH_SECONDS = 600


class NoBrowser(Exception):
    """There is no Chromium here, and none could be fetched."""

    def __init__(self) -> None:
        super().__init__(
            "no Chromium: install one (Debian, Ubuntu: apt-get install chromium fonts-noto-cjk), or set"
            " GUANWEI_CHROMIUM=/path/to/it"
        )


def find() -> Path:
    """The executable.

    Raises:
        NoBrowser: see `ensure`.
    """
    wanted = os.environ.get("GUANWEI_CHROMIUM")
    if wanted:
        if not Path(wanted).is_file():
            raise NoBrowser
        return Path(wanted)
    on_path = next(filter(None, map(shutil.which, _NAMES)), None)
    if on_path:
        return Path(on_path)
    for pattern in _FETCHED:
        for program in sorted(_folder().glob(pattern), reverse=True):
            return program
    raise NoBrowser


def ensure() -> None:
    """Fetch one if there is none; says so. Without success nothing happens: whoever needs it will say what to do."""
    try:
        find()
    except NoBrowser:
        if "GUANWEI_CHROMIUM" in os.environ:
            return
        print("guanwei: fetching a Chromium for the browser tests …", file=sys.stderr, flush=True)
        if not _by_packages():
            _by_playwright()


def _by_packages() -> bool:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *_PACKAGES)
    return _runs(("apt-get", "update", "-qq")) and _runs(install)


def _by_playwright() -> bool:
    return _runs((sys.executable, "-m", "playwright", "install", "chromium"))


def _runs(command: tuple[str, ...]) -> bool:
    environment = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "PLAYWRIGHT_BROWSERS_PATH": str(_folder()),
    }
    try:
        ended = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=_FETCH_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


def _folder() -> Path:
    return DEFAULT_STATE.root / "browsers"
