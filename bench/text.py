"""Chinese text of any amount: the example group's articles, cut into words and strung together again at random.

The words keep the frequency that they have in the articles, and a tail of rare ones is added, so that an index over
a million texts has common words, middling ones and ones that occur a few times: what search meets in life.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

import rjieba

from stack.places import REPOSITORY

_RARE = 20_000
_RARE_SHARE = 0.05
_CHARACTERS = range(0x4E00, 0x4E00 + 3_000)
_HAN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Writer:
    """Writes; with the same seed always the same."""

    seed: int
    random: random.Random = field(init=False, repr=False)
    words: list[str] = field(init=False, repr=False)
    """As often as in the articles."""
    rare: list[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        numbers = random.Random(self.seed)  # noqa: S311 - not a secret
        articles = sorted((REPOSITORY / "stack" / "example").glob("*.zh.md"))
        text = "\n".join(path.read_text(encoding="utf-8") for path in articles)
        words = [word for run in _HAN.findall(text) for word in rjieba.cut(run)]
        rare = ["".join(chr(numbers.choice(_CHARACTERS)) for _ in range(2)) for _ in range(_RARE)]
        for name, value in (("random", numbers), ("words", words), ("rare", rare)):
            object.__setattr__(self, name, value)

    def text(self, characters: int = 40) -> str:
        """About so many characters, half of them up to twice as many."""
        wanted = self.random.randint(characters // 2, characters * 3 // 2)
        found: list[str] = []
        length = 0
        while length < wanted:
            word = self.random.choice(self.rare if self.random.random() < _RARE_SHARE else self.words)
            found.append(word)
            length += len(word)
            if self.random.random() < 0.15:
                found.append(self.random.choice("，，，。！？"))
        return "".join(found)
