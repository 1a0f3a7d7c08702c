"""What becomes of text before it is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.micro_community.domain.landing import LandingForeign, own_path
from services.micro_community.domain.text import TextEmpty, TextTooLong, clean, clean_line, excerpt


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    try:
        once = clean(text, longest=300)
    except TextEmpty:
        return
    assert clean(once, longest=300) == once
    assert "\x00" not in once and "\r" not in once and "\n\n\n" not in once


def test_length_is_counted_after_cleaning() -> None:
    assert clean("好" * 10 + "\x00" * 50, longest=10) == "好" * 10
    with pytest.raises(TextTooLong) as refused:
        clean("好" * 11, longest=10)
    assert refused.value.details == {"most": 10, "length": 11}


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u3164", "\ufe0f", "\u2060 \u00a0"])
def test_what_cannot_be_seen_is_empty(text: str) -> None:
    with pytest.raises(TextEmpty):
        clean(text, longest=10)
    assert clean_line(text, longest=10) is None


def test_a_family_emoji_stays_in_one_piece() -> None:
    assert clean("👨‍👩‍👧 一家", longest=20) == "👨‍👩‍👧 一家"


def test_an_excerpt_is_one_line_and_says_that_it_goes_on() -> None:
    assert excerpt("一\n二  三", length=10) == "一 二 三"
    assert excerpt("好" * 20, length=10) == "好" * 9 + "…"


@pytest.mark.parametrize("path", ["/", "/h5/abc", "/h5/abc/posts/1?from=menu&x=%E4%BD%A0#top"])
def test_own_paths(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path", ["", "h5", "//x", "/\\x", "///x", "https://x", "/a b", "/a\nb", "/%\x00", "\\/x", "/汉"]
)
def test_foreign_addresses(path: str) -> None:
    with pytest.raises(LandingForeign):
        own_path(path)
