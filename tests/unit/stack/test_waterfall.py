"""Spans in their places, and the picture that stands alone."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from stack.tracing.spans import Span
from stack.tracing.waterfall import arrange, duration, render_svg


def span(span_id: str, parent_id: str, start: float, seconds: float, name: str = "") -> Span:
    return Span("t", span_id, parent_id, "registry", name or span_id, start, seconds)


TREE = [
    span("late", "root", 16.0, 4.0),
    span("root", "", 10.0, 10.0),
    span("leaf", "early", 12.0, 1.0),
    span("early", "root", 11.0, 5.0),
    span("lost", "never came", 13.0, 1.0),
]


def test_children_follow_their_parent_by_start_and_the_parentless_stand_at_the_left() -> None:
    assert [(row.span.span_id, row.depth) for row in arrange(TREE)] == [
        ("root", 0),
        ("early", 1),
        ("leaf", 2),
        ("late", 1),
        ("lost", 0),
    ]


def test_bars_are_shares_of_the_whole_time() -> None:
    rows = {row.span.span_id: (row.left, row.width) for row in arrange(TREE)}
    assert rows["root"] == (0.0, 1.0)
    assert rows["early"] == pytest.approx((0.1, 0.5))
    assert rows["late"] == pytest.approx((0.6, 0.4))


def test_a_deep_chain_does_not_exhaust_the_stack() -> None:
    chain = [span(str(number), str(number - 1) if number else "", float(number), 1.0) for number in range(3000)]
    assert arrange(chain)[-1].depth == 2999


def test_nothing_and_an_instant_can_be_drawn() -> None:
    assert arrange([]) == []
    ElementTree.fromstring(render_svg([]))
    ElementTree.fromstring(render_svg([span("only", "", 1.0, 0.0)]))


def test_the_picture_is_xml_whatever_the_names_are() -> None:
    name = '<script>"群发"&</script>'
    picture = ElementTree.fromstring(render_svg([span("a", "", 1.0, 1.0, name)], title=name))
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert name in texts
    assert picture.find(".//{*}script") is None


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.0, "0"), (0.0000042, "4 µs"), (0.0123, "12.3 ms"), (1.5, "1.50 s"), (75.0, "75.00 s")]
)
def test_durations_as_people_read_them(seconds: float, told: str) -> None:
    assert duration(seconds) == told
