"""Topics: #话题# within the text."""

from __future__ import annotations

import re
import unicodedata

MOST = 5
_TOPIC = re.compile(r"#([^#\s@]{1,30})#")


def topics_in(text: str) -> tuple[str, ...]:
    """The names, evened out, each once, in order; at most `MOST`."""
    found = (topic_key(match) for match in _TOPIC.findall(text))
    return tuple(dict.fromkeys(name for name in found if name))[:MOST]


def topic_key(name: str) -> str:
    """The name by which a topic is known: 「ＡＩ」 and 「ai」 are one."""
    return unicodedata.normalize("NFKC", name).casefold().strip()
