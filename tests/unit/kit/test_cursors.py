"""Cursors: what was written is read, and what was not written by us is refused, whatever it is."""

from __future__ import annotations

import base64
import contextlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import bson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.web import CursorInvalid, read_cursor, write_cursor

INSTANTS = st.datetimes(timezones=st.just(UTC))
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
VALUES = WORDS | st.integers(-(2**63), 2**63 - 1) | INSTANTS


@settings(deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=4))
def test_a_position_comes_back_as_it_was(position: list[Any]) -> None:
    cursor = write_cursor(*position)
    assert cursor.isascii() and "=" not in cursor
    assert read_cursor(cursor) == tuple(position)


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        "null",
        '"a"',
        "[null]",
        "[1.5]",
        "[NaN]",
        "[[1]]",
        '[{"t": 1}]',
        '[{"t": "yesterday"}]',
        '[{"t": "2026-01-05T01:00:00"}]',
        '[{"t": "0001-01-01T00:00:00+14:00"}]',
        '[{"$gt": ""}]',
        '[{"t": "2026-01-05T01:00:00+00:00", "x": 1}]',
        "[9223372036854775808]",
        "[-9223372036854775809]",
        '["\\ud800"]',
        "[" * 300,
        "not json",
    ],
)
def test_what_we_would_not_have_written_is_refused(content: str) -> None:
    cursor = base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")
    with pytest.raises(CursorInvalid):
        read_cursor(cursor)


@pytest.mark.parametrize("cursor", ["a", "é", "a b", "====", "\x00", "__--"])
def test_what_is_not_even_encoded_is_refused(cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        read_cursor(cursor)


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=60) | st.recursive(st.none() | VALUES | st.floats(), st.lists).map(lambda value: _encoded(value))
)
def test_whatever_is_read_can_be_asked_of_the_database(cursor: str) -> None:
    with contextlib.suppress(CursorInvalid):
        assert bson.encode({"position": list(read_cursor(cursor))})


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, default=str).encode()).decode()


def test_an_instant_keeps_its_moment_whatever_its_zone() -> None:
    shanghai = datetime(2026, 1, 5, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    assert read_cursor(write_cursor(shanghai)) == (datetime(2026, 1, 5, 1, 0, tzinfo=UTC),)
