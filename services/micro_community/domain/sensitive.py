"""Sensitive words and links: what a text has in it, also when somebody tries to hide it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from kit.refusal import Refusal

# Between the characters of a word people put spaces, dots, stars and zero-width characters.
MOST_BETWEEN = 3
_SEPARATOR = re.compile(r"[\W_]")
_BREAK = "\n"
_BETWEEN = "\0"
_LONG_BETWEEN = re.compile(f"{_BETWEEN}{{{MOST_BETWEEN + 1},}}")
MOST_KNOWN = 20_000
"""Characters."""
# Labels are bounded in length and number: a text of nothing but dots must not take its square.
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'，。！？、；）】]+"
    r"|\b(?:[a-z0-9-]{1,63}\.){1,8}(?:com|cn|net|org|top|xyz|vip|shop|info|cc|io|me|app|site)\b(?:/[^\s<>\"'，。！？、；）】]*)?",
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
class PublishedLexicon:
    """A lexicon as review published it. `words`: (word, `block` | `replace` | `review`)."""

    lexicon_id: str
    unit_path: str
    revision: int
    words: tuple[tuple[str, str], ...] = field(compare=False)

    def covers(self, unit_path: str) -> bool:
        return unit_path == self.unit_path or unit_path.startswith(self.unit_path.rstrip("/") + "/")


@dataclass(frozen=True)
class Vocabulary:
    """The words that hold somewhere. `key` names them: two of the same key have the same words."""

    key: str
    words: tuple[tuple[str, str], ...] = field(compare=False)


@lru_cache(maxsize=256)
def holding(known: tuple[PublishedLexicon, ...], unit_path: str) -> Vocabulary:
    """What holds at the unit, of all lexicons."""
    here = [lexicon for lexicon in known if lexicon.covers(unit_path)]
    key = "|".join(f"{lexicon.lexicon_id}:{lexicon.revision}" for lexicon in here)
    return Vocabulary(key, tuple(word for lexicon in here for word in lexicon.words))


@dataclass(frozen=True)
class Lexicon:
    """Words of one action by their first two characters, the longest first: many words cost no more than few."""

    block: Mapping[str, tuple[str, ...]]
    replace: Mapping[str, tuple[str, ...]]
    review: Mapping[str, tuple[str, ...]]
    firsts: frozenset[str]
    """The first characters of all words: most texts have none that a word goes on with."""

    def check(self, text: str) -> Checked:
        """Raises:
        SensitiveContent: it has a word that is refused; the words are in the details.
        """
        read = _read(text)
        present = self._beginnings(read)
        if all(starts.keys().isdisjoint(present) for starts in (self.block, self.replace, self.review)):
            return Checked(text, ())
        plain, places = _plain(text)
        blocked = _words(self.block, plain, present)
        if blocked:
            raise SensitiveContent(words=blocked)
        starred = list(text)
        for start, word in _found(self.replace, plain, present):
            for place in range(places[start], places[start + len(word) - 1] + 1):
                starred[place] = "＊"
        return Checked("".join(starred), tuple(_words(self.review, plain, present)))

    def _beginnings(self, plain: str) -> frozenset[str]:
        """Everything in the text that a word could begin with."""
        firsts = self.firsts.intersection(plain)
        if not firsts:
            return firsts
        return firsts.union(plain[place : place + 2] for place, first in enumerate(plain) if first in firsts)


def lexicon_of(words: Iterable[tuple[str, str]]) -> Lexicon:
    """A lexicon from (word, action)."""
    by_action: dict[str, dict[str, set[str]]] = {"block": {}, "replace": {}, "review": {}}
    for word, action in words:
        plain = _plain(word)[0].replace(_BREAK, "")
        if plain and action in by_action:
            by_action[action].setdefault(plain[:2], set()).add(plain)
    firsts = frozenset(start[0] for starts in by_action.values() for start in starts)
    return Lexicon(
        **{
            action: {
                start: tuple(sorted(found, key=lambda word: (-len(word), word))) for start, found in starts.items()
            }
            for action, starts in by_action.items()
        },
        firsts=firsts,
    )


def links_in(text: str) -> tuple[str, ...]:
    """Addresses in the text, written with or without a scheme, each once."""
    if "." not in text and "://" not in text:  # as most are
        return ()
    return tuple(dict.fromkeys(found.group().rstrip(".,;:!?)") for found in _LINK.finditer(text)))


def host_of(link: str) -> str:
    """The host, in lower case; empty when there is none."""
    try:
        return (urlsplit(link if "://" in link else f"http://{link}").hostname or "").lower()
    except ValueError:
        return ""


def _words(starts: Mapping[str, tuple[str, ...]], plain: str, present: frozenset[str]) -> list[str]:
    return list(dict.fromkeys(word for _, word in _found(starts, plain, present)))


def _found(starts: Mapping[str, tuple[str, ...]], plain: str, present: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Where a word begins, and which: the longest one."""
    if starts.keys().isdisjoint(present):
        return
    for place, first in enumerate(plain):
        for start in (plain[place : place + 2], first):
            word = next((word for word in starts.get(start, ()) if plain.startswith(word, place)), None)
            if word is not None:
                yield place, word
                break


class _Evened(dict[int, str]):
    """What is read of each character, `_BETWEEN` for each separator; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        even = "".join(_BETWEEN if one is None else one for one in _evened(chr(code)))
        if len(self) < MOST_KNOWN:
            self[code] = even
        return even


@lru_cache(1)
def _known() -> _Evened:
    return _Evened()


def _read(text: str) -> str:
    """What `_plain` reads, without the places."""
    return _LONG_BETWEEN.sub(_BREAK, text.translate(_known())).replace(_BETWEEN, "")


def _plain(text: str) -> tuple[str, list[int]]:
    """Full width as half width, capitals as small letters, nothing but what is read; and where in the text each
    character came from. More than a few separators end whatever was begun."""
    plain: list[str] = []
    places: list[int] = []
    between = 0
    for place, character in enumerate(text):
        for even in _evened(character):
            if even is None:
                between += 1
                continue
            if between > MOST_BETWEEN:
                plain.append(_BREAK)
                places.append(place)
            between = 0
            plain.append(even)
            places.append(place)
    return "".join(plain), places


@lru_cache(MOST_KNOWN)
def _evened(character: str) -> tuple[str | None, ...]:
    """What is read of it, None for each separator."""
    evened = unicodedata.normalize("NFKC", character).casefold()
    return tuple(None if _SEPARATOR.match(even) else even for even in evened)
