"""Figures and bars: what a run found, as a table for people and as JSON for programs."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Bar:
    """What has to hold of a figure; a bound that is None is not set."""

    least_ratio: float | None = None
    """Of the figure to its limit."""
    most_ratio: float | None = None
    most: float | None = None
    least: float | None = None

    def holds(self, value: float, ratio: float | None) -> bool:
        return all(
            (
                self.most is None or value <= self.most,
                self.least is None or value >= self.least,
                self.least_ratio is None or (ratio is not None and ratio >= self.least_ratio),
                self.most_ratio is None or (ratio is not None and ratio <= self.most_ratio),
            )
        )

    def __str__(self) -> str:
        bounds = (
            ("value >=", self.least),
            ("value <=", self.most),
            ("ratio >=", self.least_ratio),
            ("ratio <=", self.most_ratio),
        )
        return ", ".join(f"{what} {bound:g}" for what, bound in bounds if bound is not None)


@dataclass(frozen=True)
class Figure:
    """One thing that was measured. Without `bar` it is told, not judged."""

    bench: str
    name: str
    value: float
    unit: str
    limit: float | None = None
    bar: Bar | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.limit if self.limit else None

    @property
    def holds(self) -> bool | None:
        return self.bar.holds(self.value, self.ratio) if self.bar else None

    def as_json(self) -> dict[str, Any]:
        return {
            "bench": self.bench,
            "name": self.name,
            "value": _rounded(self.value),
            "unit": self.unit,
            "limit": _rounded(self.limit),
            "ratio": _rounded(self.ratio),
            "bar": str(self.bar) if self.bar else None,
            "holds": self.holds,
        }


@dataclass(frozen=True)
class Growth:
    """The same measured at another size: a curve that should be flat."""

    bench: str
    name: str
    size: int
    value: float


@dataclass
class Report:
    """Everything one run found."""

    short: bool = False
    figures: list[Figure] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)
    machine: dict[str, Any] = field(default_factory=dict)

    def add(self, figure: Figure, *, always: bool = False) -> None:
        """A short run judges only what does not depend on speed (`always`): its sizes and times are too small."""
        if self.short and not always and figure.bar:
            figure = Figure(figure.bench, figure.name, figure.value, figure.unit, figure.limit)
        self.figures.append(figure)
        print(_line(figure), flush=True)

    @property
    def missed(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.holds is False]

    def write(self, path: Path) -> None:
        content = {
            "machine": self.machine,
            "figures": [figure.as_json() for figure in self.figures],
            "growth": [asdict(point) | {"value": _rounded(point.value)} for point in self.growth],
        }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """What it ran on, and how busy that was before."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_megabytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": [round(load, 2) for load in os.getloadavg()],
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _line(figure: Figure) -> str:
    verdict = {None: "      ", True: "holds ", False: "MISSED"}[figure.holds]
    limit = f"  limit {figure.limit:,.0f}, ratio {figure.ratio:.2f}" if figure.limit and figure.ratio else ""
    bar = f"  ({figure.bar})" if figure.bar else ""
    return f"{verdict}  {figure.bench}: {figure.name}  {figure.value:,.4g} {figure.unit}{limit}{bar}"
