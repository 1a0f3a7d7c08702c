"""The steps of a play: each says what it proved, how long it took, and whether it held."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from stack.demo.gateway import DoesNotHold


class StepFailed(Exception):
    """A step did not hold; it was recorded and told."""


@dataclass
class Step:
    """One step, done or under way."""

    name: str
    ok: bool = False
    seconds: float = 0.0
    proofs: list[str] = field(default_factory=list)

    def proves(self, what: str) -> None:
        self.proofs.append(what)

    @property
    def proof(self) -> str:
        return "; ".join(self.proofs)


@dataclass
class Steps:
    """All steps so far. `say` puts a line on the terminal; `in_full` with the proofs below each step."""

    say: Callable[[str], None]
    in_full: bool = True
    done: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, title: str) -> Iterator[Step]:
        """One step for the length of the block.

        Raises:
            StepFailed: in place of what made it fail.
        """
        step, began = Step(name), time.monotonic()
        self.done.append(step)
        try:
            yield step
            step.ok = True
        except (DoesNotHold, httpx.HTTPError) as error:
            step.proves(f"DOES NOT HOLD: {str(error) or type(error).__name__}")
            raise StepFailed(name) from error
        finally:
            step.seconds = round(time.monotonic() - began, 3)
            self._tell(step, title)

    @property
    def all_hold(self) -> bool:
        return all(step.ok for step in self.done)

    def _tell(self, step: Step, title: str) -> None:
        self.say(f"  {'ok  ' if step.ok else 'FAIL'} {step.seconds:5.1f} s  {title}")
        if self.in_full or not step.ok:
            for proof in step.proofs:
                self.say(f"                 - {proof}")
