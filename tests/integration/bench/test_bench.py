"""The bench runs, and what it writes has the shape that programs read. How fast it is, is not judged here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.report import Bar, Figure, Report
from stack.places import REPOSITORY

FIGURE = {"bench", "name", "value", "unit", "limit", "ratio", "bar", "holds"}
PARTS = ("community.reading", "community.live", "community.replies", "community.search")


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stack.cli", "bench", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_short_run_measures_everything_and_judges_what_does_not_depend_on_speed(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    run = bench(*PARTS, "--short", "--json", str(file))
    assert run.returncode == 0, run.stdout + run.stderr
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert set(found) == {"machine", "figures", "growth"}
    assert found["machine"]["short"] is True
    assert {"cores", "python", "load_before", "load_after", "versions"} <= set(found["machine"])
    assert all(set(figure) == FIGURE for figure in found["figures"])
    assert {figure["bench"] for figure in found["figures"]} == set(PARTS)
    judged = {figure["name"]: figure["holds"] for figure in found["figures"] if figure["bar"]}
    assert judged == {
        "MongoDB operations for a reply, at most": True,
        "reply seen on 20 open pages, missing": True,
    }
    compared = [figure for figure in found["figures"] if figure["limit"]]
    assert compared
    assert all(figure["ratio"] == pytest.approx(figure["value"] / figure["limit"], rel=0.01) for figure in compared)
    assert {"bench", "name", "size", "value"} == set(found["growth"][0])


def test_a_bench_that_there_is_not_is_told_with_those_that_there_are() -> None:
    run = bench("comunity")
    assert run.returncode == 2
    assert "there is no comunity; there are community, community.live" in run.stderr


def test_a_figure_that_misses_its_bar_is_missed_and_one_without_is_only_told() -> None:
    report = Report()
    report.add(Figure("b", "slow", 30, "/s", 100, Bar(least_ratio=0.4)))
    report.add(Figure("b", "fast", 50, "/s", 100, Bar(least_ratio=0.4)))
    report.add(Figure("b", "late", 151, "ms", None, Bar(most=150)))
    report.add(Figure("b", "apart", 120, "/s", 100, Bar(0.9, 1.1)))
    report.add(Figure("b", "told", 1, "/s"))
    assert [figure.name for figure in report.missed] == ["slow", "late", "apart"]
    assert [figure.holds for figure in report.figures] == [False, True, False, False, None]
    assert report.figures[0].as_json()["bar"] == "ratio >= 0.4"
