"""Ids that sort by time, ids that come out the same twice, and a clock that MongoDB can keep."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kit.clock import SystemClock, to_milliseconds
from kit.ids import derived_id, new_id


def test_later_ids_sort_after_earlier_ones_to_the_millisecond() -> None:
    ids = [new_id() for _ in range(5_000)]
    stamps = [made[:12] for made in ids]
    assert stamps == sorted(stamps)
    assert len(set(ids)) == len(ids)
    assert all(len(made) == 32 and made[12] == "7" and made == made.lower() for made in ids)


def test_an_id_carries_the_time_at_which_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    stamp = int(new_id()[:12], 16)
    assert before <= stamp <= time.time_ns() // 1_000_000


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab|/", max_size=3), min_size=1, max_size=4))
def test_a_derived_id_depends_on_its_parts_and_on_where_they_end(parts: list[str]) -> None:
    assert derived_id(*parts) == derived_id(*parts)
    assert derived_id(*parts) != derived_id(*parts, "")
    assert len(derived_id(*parts)) == 32
    if len(parts) > 1:
        assert derived_id(*parts) != derived_id("".join(parts))


def test_the_clock_is_aware_in_utc_and_in_whole_milliseconds() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC and now.microsecond % 1000 == 0
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


@settings(deadline=None)
@given(st.datetimes(timezones=st.just(UTC)))
def test_cutting_to_milliseconds_never_goes_forward_and_only_once(instant: datetime) -> None:
    cut = to_milliseconds(instant)
    assert timedelta(0) <= instant - cut < timedelta(milliseconds=1)
    assert to_milliseconds(cut) == cut
