"""Work that time starts: every so often, by one replica at a time, and never twice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from opentelemetry import trace
from opentelemetry.instrumentation.utils import suppress_instrumentation

from kit.lease import Lease
from kit.mongo import Database

log = structlog.get_logger("periodic")
tracer = trace.get_tracer("kit.periodic")


@dataclass(frozen=True)
class Periodic:
    """`work` is run every `seconds`, counted from the end of the last run, by the replica that holds the lease.

    `wake`, when given, starts the next run at once.
    """

    name: str
    seconds: float
    work: Callable[[], Awaitable[None]]
    wake: asyncio.Event | None = None


async def run(periodic: Periodic, database: Database) -> None:
    """Run it for ever. An exception is logged, and the next turn comes all the same."""
    lease = Lease(database, f"periodic:{periodic.name}", seconds=max(10.0, 3 * periodic.seconds))
    keeper: asyncio.Task[None] | None = None
    try:
        while True:
            try:
                if await _hold(lease):
                    keeper = asyncio.create_task(_keep(lease))
                    await periodic.work()
            except Exception:
                log.exception("periodic_failed", name=periodic.name)
            finally:
                if keeper is not None:
                    keeper.cancel()
            await _pause(periodic)
    finally:
        await asyncio.shield(_release(lease))


async def _pause(periodic: Periodic) -> None:
    if periodic.wake is None:
        await asyncio.sleep(periodic.seconds)
        return
    try:
        await asyncio.wait_for(periodic.wake.wait(), periodic.seconds)
    except TimeoutError:
        return
    periodic.wake.clear()


async def _hold(lease: Lease) -> bool:
    with suppress_instrumentation():
        return await lease.hold()


async def _keep(lease: Lease) -> None:
    while True:
        await asyncio.sleep(2.0)
        await _hold(lease)


async def _release(lease: Lease) -> None:
    try:
        await lease.release()
    except Exception as error:
        log.info("lease_not_released", error=repr(error))
