"""Runs what is due: timers live in the journal, so a job begun before a restart ends after it."""

import logging
from collections.abc import Awaitable, Callable

from sandbox.wechat.platform import Platform

log = logging.getLogger("sandbox.wechat")

TimerHandler = Callable[[Platform, str, str], Awaitable[None]]


async def run_timers(platform: Platform, handlers: dict[str, TimerHandler]) -> None:
    """Run for ever: each due timer once, in the order of its moment. A handler's error is logged, never fatal."""
    world = platform.world
    while True:
        waiting = sorted(world.timers.all(""), key=lambda timer: timer.due_at)
        due = [timer for timer in waiting if timer.due_at <= world.clock.now()]
        for timer in due:
            world.timers.delete("", timer.timer_id)
            try:
                await handlers[timer.kind](platform, timer.appid, timer.subject)
            except Exception:
                log.exception("timer %s of %s failed", timer.kind, timer.subject)
        if not due:
            await world.clock.wait(waiting[0].due_at if waiting else None)
