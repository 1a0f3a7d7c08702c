"""/calendar: working days, which due times are counted in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query

from kit.routes import Routes
from kit.transaction import Tx
from kit.web import OncePerCaller, Person
from services.publisher.api.parts import PROBLEMS, Deps
from services.publisher.commands.set_calendar_day import SetCalendarDay, set_calendar_day
from services.publisher.domain.working_day import is_working
from services.publisher.schemas import CalendarDayBody, CalendarDays, CalendarDayView

router = Routes(prefix="/calendar", tags=["工作日历"], responses=PROBLEMS)


@router.get("", summary="工作日历")
async def read_calendar(
    deps: Deps, who: Person, year: Annotated[int, Query(ge=2000, le=2100)], month: Annotated[int, Query(ge=1, le=12)]
) -> CalendarDays:
    """Every day of a month: working or not, and where that is known from."""
    first = date(year, month, 1)
    entered = await deps.queries.calendar_days(first, first + timedelta(days=30))
    days = [first + timedelta(days=step) for step in range(31)]
    shown = [_day(deps, day, entered.get(day)) for day in days if day.month == month]
    return CalendarDays(items=tuple(shown))


@router.put("/{day}", summary="修正工作日")
async def enter_day(day: date, body: CalendarDayBody, deps: Deps, who: Person, once: OncePerCaller) -> CalendarDayView:
    """Enter a holiday or a make-up day, for the whole group."""
    who.require("communications", path="/")
    command = SetCalendarDay(day, body.working, body.note, who.subject)

    async def work(tx: Tx) -> str:
        return await set_calendar_day(tx, command, records=deps.records)

    await deps.store.transact(work, once=once)
    return CalendarDayView(day=day, working=body.working, source="entered", note=body.note)


def _day(deps: Deps, day: date, entered: CalendarDayView | None) -> CalendarDayView:
    if entered is not None:
        return entered
    known = deps.calendar.working(day)
    working = is_working(day, known)
    return CalendarDayView(day=day, working=working, source="assumed" if known is None else "published", note="")
