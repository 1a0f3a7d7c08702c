"""Measuring in turns: what a noisy machine does in one round it does to a figure and to its limit alike."""

from __future__ import annotations

import statistics
from collections.abc import Awaitable, Callable, Mapping

Measure = Callable[[], Awaitable[float]]


async def in_turns(measures: Mapping[str, Measure], rounds: int) -> dict[str, float]:
    """The median of each over the rounds; every second round runs backwards, so that nobody is always first."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds):
        names = list(measures)
        for name in names if number % 2 == 0 else reversed(names):
            found[name].append(await measures[name]())
    return {name: statistics.median(values) for name, values in found.items()}
