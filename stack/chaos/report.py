"""What a chaos run found."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

_SHOWN = 20
_CATEGORIES = ("lost", "doubled", "unpermitted", "unresolved", "mismatched")


@dataclass
class Report:
    """The figures, and in `violations` a line for each thing that is not as it must be."""

    seed: int
    minutes: float = 0.0
    faults: dict[str, int] = field(default_factory=dict)
    acknowledged: int = 0
    retried: int = 0
    """Requests that were repeated with the same key, because no answer or an error came."""
    lost: int = 0
    """Acknowledged, and not there."""
    doubled: int = 0
    """There more than once."""
    unpermitted: int = 0
    """Done without an approval of exactly that."""
    unresolved: int = 0
    """Neither done nor given up: rows that wait, dead letters, requests that were refused."""
    mismatched: int = 0
    """Counters that a recount does not give."""
    violations: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """True when nothing was violated, and every kind of fault really happened."""
        return not self.violations and all(self.faults.values())

    def found(self, category: str, what: str, *, times: int = 1) -> None:
        """Note a violation."""
        if category not in _CATEGORIES:
            raise ValueError(category)
        setattr(self, category, getattr(self, category) + times)
        self.violations.append(f"{category}: {what}")

    def same(self, category: str, what: str, expected: object, actual: object) -> None:
        """Note a violation unless the two are equal."""
        if expected != actual:
            self.found(category, f"{what}: expected {expected!r}, is {actual!r}")

    def same_once(self, what: str, expected: set[Any], actual: Counter[Any]) -> None:
        """Note what is missing, there more than once, or there without being expected."""
        for one in sorted(expected - set(actual)):
            self.found("lost", f"{what} {one}")
        for one, times in sorted(actual.items()):
            if times > 1:
                self.found("doubled", f"{what} {one}: {times} times", times=times - 1)
            if one not in expected:
                self.found("doubled", f"{what} {one}: nobody was told of it")

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "minutes": round(self.minutes, 2), "holds": self.holds}

    def lines(self) -> list[str]:
        """For people."""
        faults = ", ".join(f"{kind} {count}" for kind, count in self.faults.items())
        figures = ", ".join(f"{name} {getattr(self, name)}" for name in _CATEGORIES)
        hidden = len(self.violations) - _SHOWN
        return [
            f"seed {self.seed}, {self.minutes:.1f} min under faults: {faults}",
            f"acknowledged {self.acknowledged}, {self.retried} requests repeated",
            figures,
            *(f"  {line}" for line in self.violations[:_SHOWN]),
            *([f"  … and {hidden} more"] if hidden > 0 else []),
            "holds" if self.holds else "DOES NOT HOLD",
        ]
