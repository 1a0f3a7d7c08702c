"""A permit is refused for what it says, never for what cannot be known just now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kit.keys import KeysUnavailable
from kit.refusal import Refusal
from services.publisher.dependencies import Dependencies
from services.publisher.domain.permit import PermitForged
from services.publisher.processes.ordering import order_granted

NOW = datetime(2026, 1, 5, tzinfo=UTC)
PERMIT = SimpleNamespace(permit_id="p", subject_id="i", token="t", trace=None)


@dataclass
class Office:
    """One permit waits; its seal answers with a refusal. `written` counts what was stored."""

    answer: Refusal
    written: list[Callable[..., Any]] = field(default_factory=list)

    async def read(self, token: str) -> Any:
        raise self.answer

    async def transact(self, work: Callable[[Any], Awaitable[Any]]) -> None:
        self.written.append(work)

    async def to_order(self, now: datetime, most: int) -> list[Any]:
        return [PERMIT]

    @property
    def dependencies(self) -> Dependencies:
        clock, records = SimpleNamespace(now=lambda: NOW), SimpleNamespace(permits=self)
        return cast(Dependencies, SimpleNamespace(clock=clock, records=records, permit_seals=self, store=self))


@pytest.mark.parametrize(("answer", "stored"), [(PermitForged(), 1), (KeysUnavailable(), 0)])
async def test_only_a_permit_that_is_known_to_be_bad_is_refused_for_good(answer: Refusal, stored: int) -> None:
    office = Office(answer)
    assert await order_granted(office.dependencies) == 1
    assert len(office.written) == stored
