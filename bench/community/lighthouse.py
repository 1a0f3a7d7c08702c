"""What Lighthouse says of the followers' page on a phone: accessibility and best practices, first list and a post.

Nothing of the two depends on speed, so a short run judges them as well, but of the first list only: a page takes ten
seconds and more.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from bench.community.page import FLAGS, NAME, page_address
from bench.community.place import Place
from bench.report import Bar, Figure, Report
from stack import browser
from stack.places import REPOSITORY
from stack.web import install_apart, run_apart

PACKAGE = REPOSITORY / "bench" / "lighthouse"
LEAST = {"accessibility": 100.0, "best-practices": 95.0}
REPLIES = 20


def prepare() -> None:
    """Fetch what is missing, before anything is measured that would be lost if it cannot be had."""
    browser.find()
    install_apart(PACKAGE)


async def measure(place: Place, post_id: str, report: Report) -> None:
    """As a guest who comes for the first time."""
    home = page_address(place)
    pages = {"first list": f"{home}/"} | ({} if report.short else {"post": f"{home}/posts/{post_id}"})
    for what, address in pages.items():
        # Answers to the page come from this process too, so it must not stand still.
        found = await asyncio.to_thread(_audited, address)
        for category, least in LEAST.items():
            _tell(report, what, found, category, least)


def _tell(report: Report, what: str, found: dict[str, Any], category: str, least: float) -> None:
    """The score, and what it lost points for."""
    judged = found["categories"][category]
    name = f"Lighthouse {category.replace('-', ' ')}, {what}"
    report.add(Figure(NAME, name, (judged["score"] or 0) * 100, "points", None, Bar(least=least)), always=True)
    for reference in judged["auditRefs"]:
        audit = found["audits"][reference["id"]]
        if audit["scoreDisplayMode"] == "error" or (audit["score"] is not None and audit["score"] < 1):
            print(f"          {audit['id']} (weight {reference['weight']:g}): {audit['title']}", flush=True)


def _audited(address: str) -> dict[str, Any]:
    """Lighthouse's own report of one page."""
    with tempfile.TemporaryDirectory(prefix="guanwei-lighthouse-") as folder:
        target = Path(folder) / "report.json"
        run_apart(
            PACKAGE,
            "lighthouse/cli/index.js",
            address,
            f"--only-categories={','.join(LEAST)}",
            "--form-factor=mobile",
            f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
            "--no-enable-error-reporting",
            "--disable-full-page-screenshot",
            "--quiet",
            "--output=json",
            f"--output-path={target}",
            CHROME_PATH=str(browser.find()),
        )
        found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    if found.get("runtimeError"):
        raise RuntimeError(f"Lighthouse could not see {address}: {found['runtimeError']['message']}")
    return found
