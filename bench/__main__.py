"""`python -m bench [NAME…] [--short] [--json FILE]`: what `./guanwei bench` runs."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from bench.community.run import PARTS, measure
from bench.report import Report, machine


def main() -> int:
    parser = argparse.ArgumentParser(prog="guanwei bench")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    report = Report(short=asked.short, machine=machine() | {"short": asked.short})
    asyncio.run(measure(_chosen(asked.names), report))
    report.machine["load_after"] = [round(load, 2) for load in os.getloadavg()]
    if asked.json:
        report.write(asked.json)
    return _conclude(report)


def _chosen(names: list[str]) -> list[str]:
    """The parts that are named, or whose bench is; all when nothing is."""
    unknown = [name for name in names if not any(_is_of(part, name) for part in PARTS)]
    if unknown:
        known = ", ".join(sorted({part.split(".")[0] for part in PARTS} | set(PARTS)))
        print(f"guanwei bench: there is no {', '.join(unknown)}; there are {known}", file=sys.stderr)
        raise SystemExit(2)
    return [part for part in PARTS if not names or any(_is_of(part, name) for name in names)]


def _is_of(part: str, name: str) -> bool:
    return part == name or part.startswith(f"{name}.")


def _conclude(report: Report) -> int:
    judged = [figure for figure in report.figures if figure.holds is not None]
    print(f"{len(judged) - len(report.missed)} bars hold, {len(report.missed)} do not")
    for figure in report.missed:
        print(f"  missed: {figure.bench}: {figure.name}")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
