"""Sensitive words and links: what a text has in it, also when somebody tries to hide it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from kit.refusal import Refusal

# Between the characters of a word people put spaces, dots, stars and zero-width characters.
_BETWEEN = r"[\s\W_\u200b-\u200f\u2060\ufe0f]{0,3}"
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'，。！？、；）】]+"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|cn|net|org|top|xyz|vip|shop|info|cc|io|me|app|site)\b(?:/[^\s<>\"'，。！？、；）】]*)?",
    re.IGNORECASE | re.ASCII,
)


class SensitiveContent(Refusal):
    """The text has words that are not published here."""

    code = "micro_community.sensitive_content"
    status = 422
    text = "内容包含不适合发布的词语，请修改后再发布。"


@dataclass(frozen=True)
class Checked:
    """The text with stars in it, and the words for which it must wait."""

    text: str
    held: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """Words by action, as patterns."""

    block: re.Pattern[str] | None
    replace: re.Pattern[str] | None
    review: re.Pattern[str] | None

    def check(self, text: str) -> Checked:
        """Raises:
        SensitiveContent: it has a word that is refused; the words are in the details.
        """
        even, places = _evened(text)
        blocked = _words(self.block, even)
        if blocked:
            raise SensitiveContent(words=blocked)
        starred = list(text)
        for found in self.replace.finditer(even) if self.replace else ():
            for place in range(places[found.start()], places[found.end() - 1] + 1):
                starred[place] = "＊"
        return Checked("".join(starred), tuple(_words(self.review, even)))


def lexicon_of(words: Iterable[tuple[str, str]]) -> Lexicon:
    """A lexicon from (word, action)."""
    by_action: dict[str, list[str]] = {"block": [], "replace": [], "review": []}
    for word, action in words:
        even = _evened(word)[0].strip()
        if even:
            by_action[action].append(_BETWEEN.join(re.escape(character) for character in even))
    return Lexicon(**{action: _pattern(found) for action, found in by_action.items()})


def links_in(text: str) -> tuple[str, ...]:
    """Addresses in the text, written with or without a scheme, each once."""
    return tuple(dict.fromkeys(found.group().rstrip(".,;:!?)") for found in _LINK.finditer(text)))


def host_of(link: str) -> str:
    """The host, in lower case; empty when there is none."""
    try:
        return (urlsplit(link if "://" in link else f"http://{link}").hostname or "").lower()
    except ValueError:
        return ""


def _pattern(words: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(sorted(words, key=len, reverse=True))) if words else None


def _words(pattern: re.Pattern[str] | None, even: str) -> list[str]:
    return list(dict.fromkeys(found.group() for found in pattern.finditer(even))) if pattern else []


def _evened(text: str) -> tuple[str, list[int]]:
    """Full width as half width, capitals as small letters; and where in the text each character came from."""
    even: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for plain in unicodedata.normalize("NFKC", character).casefold():
            even.append(plain)
            places.append(place)
    return "".join(even), places
