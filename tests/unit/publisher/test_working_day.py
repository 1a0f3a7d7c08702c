"""Until when the group's news has to be carried on: holidays, make-up days, and years that nobody announced yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publisher.adapters.working_calendar import ChineseCalendar
from services.publisher.domain.mandate import Mandate, MandateForeign, MandateFulfilled, State
from services.publisher.domain.working_day import SHANGHAI, Due, NoWorkingDay, end_of_next_working_day
from tests.unit.publisher.shapes import MINUTE, NOW

CALENDAR = ChineseCalendar()
VECTORS = [
    ("2026-10-09 18:40", "2026-10-10", "a make-up Saturday counts"),
    ("2026-09-30 17:30", "2026-10-08", "National Day"),
    ("2026-10-01 09:00", "2026-10-08", "sent on a rest day"),
    ("2026-02-13 16:00", "2026-02-14", "make-up day before Spring Festival"),
    ("2026-02-14 16:00", "2026-02-24", "nine rest days"),
    ("2026-02-28 10:00", "2026-03-02", "Sunday is rest"),
    ("2026-04-30 10:00", "2026-05-06", "Labour Day"),
    ("2026-05-08 10:00", "2026-05-09", "make-up day"),
    ("2026-06-18 10:00", "2026-06-22", "Dragon Boat"),
    ("2026-09-18 10:00", "2026-09-20", "make-up Sunday"),
    ("2026-09-19 10:00", "2026-09-20", "from a rest day to a make-up Sunday"),
    ("2026-09-24 10:00", "2026-09-28", "Mid-Autumn"),
    ("2026-01-02 10:00", "2026-01-04", "make-up Sunday"),
    ("2026-11-20 10:00", "2026-11-23", "plain weekend"),
    ("2026-10-09 23:59:59.900", "2026-10-10", "the last instant of its day"),
    ("2026-10-10 00:00:00.100", "2026-10-12", "the first instant of the next"),
]


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(sent_at: datetime) -> Due:
    return end_of_next_working_day(sent_at, CALENDAR.working)


@pytest.mark.parametrize(("sent", "day", "why"), VECTORS)
def test_the_published_calendar(sent: str, day: str, why: str) -> None:
    found = due(shanghai(sent).astimezone(UTC))
    assert found == Due(shanghai(f"{day} 23:59:59.999").astimezone(UTC), provisional=False), why


def test_a_year_without_data_is_provisional_and_counted_in_weekdays() -> None:
    assert CALENDAR.working(date(2027, 1, 1)) is None
    assert due(shanghai("2026-12-31 10:00")) == Due(shanghai("2027-01-01 23:59:59.999"), provisional=True)
    assert due(shanghai("2027-03-05 10:00")) == Due(shanghai("2027-03-08 23:59:59.999"), provisional=True)


def test_a_day_that_people_entered_goes_before_the_rule() -> None:
    entered = {date(2027, 1, 1): False, date(2027, 1, 2): True}

    def working(day: date) -> bool | None:
        return entered.get(day, CALENDAR.working(day))

    found = end_of_next_working_day(shanghai("2026-12-31 10:00"), working)
    assert found == Due(shanghai("2027-01-02 23:59:59.999"), provisional=False)


def test_a_calendar_without_a_working_day_is_a_fault_and_no_endless_search() -> None:
    with pytest.raises(NoWorkingDay):
        end_of_next_working_day(NOW, lambda _: False)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 14 * 365 * 86_400))
def test_there_is_always_at_least_a_whole_day(seconds: int) -> None:
    sent_at = NOW + timedelta(seconds=seconds)
    found = due(sent_at)
    end_of_its_day = sent_at.astimezone(SHANGHAI).replace(hour=23, minute=59, second=59, microsecond=999_000)
    assert found.at >= end_of_its_day + timedelta(days=1)
    assert found.at.astimezone(SHANGHAI).strftime("%H:%M:%S.%f") == "23:59:59.999000"


def mandate() -> Mandate:
    return Mandate(
        mandate_id="mandate",
        account_id="unit-account",
        account_name="医药",
        unit_path="/lanli/medical",
        source_mass_send_id="order",
        source_issue_id="issue",
        source_titles=("要闻",),
        source_urls=(),
        raised_at=NOW,
        due_at=NOW + MINUTE,
        provisional=False,
    )


def test_the_last_instant_is_on_time_and_the_next_one_breaches() -> None:
    punctual, open_still = mandate(), mandate()
    assert punctual.fulfil("repost", ("url",), NOW + MINUTE)
    assert punctual.on_time is True
    assert not open_still.breach(NOW + MINUTE)
    assert open_still.breach(NOW + MINUTE + timedelta(milliseconds=1))
    assert not open_still.breach(NOW + 2 * MINUTE)


def test_a_late_repost_still_fulfils_and_says_so() -> None:
    found = mandate()
    found.breach(NOW + 2 * MINUTE)
    assert found.fulfil("repost", (), NOW + 3 * MINUTE)
    assert (found.state, found.on_time) == (State.FULFILLED, False)
    assert not found.fulfil("another", (), NOW + 3 * MINUTE)
    assert not found.breach(NOW + 9 * MINUTE)
    assert found.mass_send_id == "repost"


def test_only_the_account_that_owes_it_can_fulfil_it_and_once() -> None:
    found = mandate()
    found.require_for("unit-account")
    with pytest.raises(MandateForeign):
        found.require_for("another")
    found.fulfil("repost", (), NOW)
    with pytest.raises(MandateFulfilled):
        found.require_for("unit-account")
