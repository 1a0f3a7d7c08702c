"""Faults in turn: each kind once per round, in an order and with pauses that the seed decides."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stack.console import Console
from stack.supervisor import Supervisor

_OVERLAPPING = 0.25
"""How often the next fault does not wait until the part is back."""


@dataclass
class Nemesis:
    """Kills parts of a stack with -9. `parts` by the kind of fault; `progress` counts what was acknowledged."""

    supervisor: Supervisor
    parts: Mapping[str, str]
    progress: Callable[[], int]
    seed: int
    between: tuple[float, float]
    """Shortest and longest pause, in seconds, after a part is back."""
    moved: int
    """How much must have been acknowledged since the last fault: one on a standstill would prove nothing."""
    console: Console
    counts: Counter[str] = field(default_factory=Counter)

    async def strike(self, over: Callable[[], bool]) -> None:
        """Until `over`, but each kind at least once."""
        dice = random.Random(self.seed)  # noqa: S311
        while not (over() and self.complete):
            kinds = sorted(self.parts)
            dice.shuffle(kinds)
            for kind in kinds:
                if over() and self.complete:
                    return
                await self._fault(kind, dice)

    @property
    def complete(self) -> bool:
        """Every kind has happened."""
        return all(self.counts[kind] for kind in self.parts)

    async def _fault(self, kind: str, dice: random.Random) -> None:
        before = self.progress()
        while self.progress() < before + self.moved:  # noqa: ASYNC110 - the count is somebody else's
            await asyncio.sleep(0.02)
        part = self.parts[kind]
        pid = self.supervisor.crash(part)
        self.counts[kind] += 1
        began = asyncio.get_running_loop().time()
        acknowledged = self.progress()
        if dice.random() >= _OVERLAPPING:
            await self.supervisor.until_ready(part)
            how = f"back after {asyncio.get_running_loop().time() - began:.1f} s"
        else:
            how = "the next does not wait for it"
        self.console.say(f"  kill -9 {kind} ({pid}) after {acknowledged} acknowledged; {how}")
        await asyncio.sleep(dice.uniform(*self.between))
