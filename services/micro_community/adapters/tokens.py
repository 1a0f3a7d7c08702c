"""Tokens of Chinese text: jieba's words, and every two neighbouring characters, so that no short word is missed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import rjieba

MOST = 3_000
_WORD = re.compile(r"[0-9a-z]+|[\u3400-\u9fff\uf900-\ufaff]+", re.ASCII)


@dataclass(frozen=True)
class JiebaTokens:
    """Of a text everything that may be asked for; of a question as few as will do."""

    def of_text(self, text: str) -> list[str]:
        """Each once, in the order of the text."""
        found: dict[str, None] = {}
        for run in _WORD.findall(_even(text)):
            if run.isascii():
                found[run] = None
                continue
            found |= dict.fromkeys(run[place : place + 2] for place in range(len(run) - 1))
            found |= dict.fromkeys(run)
            found |= {word: None for word in rjieba.cut_for_search(run, True) if len(word) > 2}
        return list(found)[:MOST]

    def of_question(self, text: str) -> list[str]:
        """All of them must be in a text for it to be found."""
        found: dict[str, None] = {}
        for run in _WORD.findall(_even(text)):
            if run.isascii() or len(run) == 1:
                found[run] = None
            else:
                found |= dict.fromkeys(run[place : place + 2] for place in range(len(run) - 1))
        return list(found)[:16]


def _even(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
