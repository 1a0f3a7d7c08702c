"""How long, how much, how hard."""

from __future__ import annotations

import random
from dataclasses import dataclass, field


def any_seed() -> int:
    return random.SystemRandom().randrange(1_000_000)


@dataclass(frozen=True)
class Setting:
    """A run by hand, unless told otherwise."""

    minutes: float = 5.0
    """How long there are load and faults; longer if a kind of fault has not happened by then."""
    writes: int | None = None
    """Stop earlier, after so many acknowledged writes."""
    seed: int = field(default_factory=any_seed)
    people: int = 16
    """How many work at a time."""
    between: tuple[float, float] = (0.5, 4.0)
    """Seconds between a part's return and the next fault."""
    moved: int = 20
    """Acknowledged writes between two faults, at least."""
    rest_seconds: float = 120.0
    """How long everything may take to come to rest."""
