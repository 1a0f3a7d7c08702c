"""Article bodies: what is kept of them, which pictures they show, and what WeChat is given."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publisher.domain.content import fit_for_wechat, pictures_in, with_urls, words_of

ONE, TWO = "ab" * 32, "cd" * 32
PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<table><tr><td colspan=2>",
        "<script>alert(1)</script>",
        '<img src="picture:' + ONE + '" onerror=alert(1)>',
        "<img src='https://elsewhere.test/a.png'>",
        '<a href="javascript:alert(1)">',
        '<span style="color:red;position:fixed">',
        '<p style="background:url(//elsewhere.test/x)">',
        "<svg><style><img title='</style>",
        "&lt;script&gt;",
        "<!--",
        "-->",
        "正文",
        "\x00",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join))
def test_cleaning_twice_changes_nothing_more(html: str) -> None:
    once = fit_for_wechat(html)
    assert fit_for_wechat(once) == once
    assert "<script" not in once
    assert "javascript:" not in once
    assert not re.search(r"<[^<>]*\sonerror=", once)
    assert "url(" not in "".join(part.split('"')[0] for part in once.split('style="')[1:])


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<p style="color:red;background:#fff">甲</p>', '<p style="color:red;background:#fff">甲</p>'),
        ('<p style="background:url(https://e.test/x.png);color:red">甲</p>', "<p>甲</p>"),
        (r'<p style="background:u\72l(https://e.test/x.png)">甲</p>', "<p>甲</p>"),
        ('<p style="position:fixed;opacity:0">甲</p>', "<p style>甲</p>"),
        ('<iframe src="https://e.test"></iframe><p>甲</p>', "<p>甲</p>"),
        ('<p class="x" id="y" onclick="z()">甲</p>', "<p>甲</p>"),
    ],
)
def test_what_wechat_strips_is_gone_before_anybody_approves_it(html: str, kept: str) -> None:
    assert fit_for_wechat(html).replace('<p style="">', "<p style>") == kept


def test_pictures_are_told_in_their_order_and_foreign_ones_apart() -> None:
    html = f'<img src="picture:{TWO}"><p><img src="picture:{ONE}"><img src="picture:{TWO}"></p><img src="picture:abc">'
    assert pictures_in(html) == ((TWO, ONE), ("picture:abc",))


def test_every_picture_stands_at_its_address_and_nothing_else_changes() -> None:
    html = fit_for_wechat(f'<p>picture:{ONE}</p><img src="picture:{ONE}" alt="图"><img src="picture:{TWO}">')
    urls = {ONE: "http://mmbiz.test/1?wx_fmt=png&from=a", TWO: "http://mmbiz.test/2"}
    done = with_urls(html, urls)
    assert pictures_in(done) == ((), ("http://mmbiz.test/1?wx_fmt=png&from=a", "http://mmbiz.test/2"))
    assert f"<p>picture:{ONE}</p>" in done
    assert 'alt="图"' in done


def test_a_picture_without_an_address_is_not_left_out_in_silence() -> None:
    with pytest.raises(KeyError):
        with_urls(f'<img src="picture:{ONE}">', {})


def test_the_words_of_a_body() -> None:
    assert words_of("<h2>要闻</h2>\n<p>一 &amp;&nbsp;二</p>") == "要闻 一 & 二"
    assert words_of('<p> <img src="x"> </p>') == ""
