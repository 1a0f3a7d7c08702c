"""Article bodies: HTML that WeChat keeps as it is, with pictures named by their digest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

import nh3

PICTURE = re.compile(r"picture:([0-9a-f]{64})")

# What WeChat's editor itself produces, without what its article rules forbid: fonts, overlays, invisible content.
_BLOCKS = "p section h1 h2 h3 h4 h5 h6 ul ol li blockquote pre hr br figure figcaption"
_TABLES = "table caption colgroup col thead tbody tfoot tr th td"
_INLINE = "span strong b em i u s del sup sub code a img"
TAGS = frozenset(f"{_BLOCKS} {_TABLES} {_INLINE}".split())
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "*": frozenset({"style"}),
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan"}),
    "col": frozenset({"span"}),
    "ol": frozenset({"start"}),
}
_STYLES = """
    color background-color background text-align text-indent text-decoration font-size font-weight font-style
    line-height letter-spacing vertical-align white-space word-break
    margin margin-top margin-right margin-bottom margin-left
    padding padding-top padding-right padding-bottom padding-left
    border border-top border-right border-bottom border-left border-radius border-color border-style border-width
    border-collapse list-style-type max-width
"""
STYLES = frozenset(_STYLES.split())
SCHEMES = frozenset({"http", "https", "picture"})
LOADING = re.compile(r"url\s*\(|image\s*\(|image-set|@import|expression|\\", re.IGNORECASE)
"""In a style: what fetches something from elsewhere, and the backslash that such a word can be hidden with."""


def fit_for_wechat(html: str) -> str:
    """The body without what WeChat strips or refuses. Cleaning twice changes nothing more."""
    return _clean(html, lambda tag, attribute, value: value)


def pictures_in(html: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The digests of the body's own pictures, in order of appearance, and the sources of those that are not ours."""
    found = _Pictures()
    found.feed(html)
    found.close()
    own = tuple(dict.fromkeys(match[1] for source in found.sources if (match := PICTURE.fullmatch(source))))
    foreign = tuple(source for source in found.sources if not PICTURE.fullmatch(source))
    return own, foreign


def with_urls(html: str, urls: Mapping[str, str]) -> str:
    """A cleaned body with every picture at the address that WeChat gave it.

    Raises:
        KeyError: a picture has none.
    """

    def replace(tag: str, attribute: str, value: str) -> str:
        match = PICTURE.fullmatch(value) if (tag, attribute) == ("img", "src") else None
        return urls[match[1]] if match else value

    missing = [digest for digest in pictures_in(html)[0] if digest not in urls]
    if missing:
        raise KeyError(missing[0])
    return _clean(html, replace)


def words_of(html: str) -> str:
    """The plain words of a body: what is left for a reader who sees no pictures."""
    found = _Pictures()
    found.feed(html)
    found.close()
    return " ".join("".join(found.words).split())


def _clean(html: str, attribute_filter: Callable[[str, str, str], str]) -> str:
    def kept(tag: str, attribute: str, value: str) -> str | None:
        # Whatever a style fetches was not seen by the approver as it is now, and may be another thing tomorrow.
        if attribute == "style" and LOADING.search(value):
            return None
        return attribute_filter(tag, attribute, value)

    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=kept,
        url_schemes=set(SCHEMES),
        filter_style_properties=set(STYLES),
        link_rel=None,
    )


class _Pictures(HTMLParser):
    """Collects what `img` elements point to, and the words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sources: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.sources.append(dict(attrs).get("src") or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
