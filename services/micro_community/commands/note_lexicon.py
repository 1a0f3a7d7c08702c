"""Review published a lexicon of sensitive words."""

from __future__ import annotations

from kit.transaction import Tx
from services.micro_community.domain.sensitive import PublishedLexicon
from services.micro_community.ports import Lexicons


async def note_lexicon(tx: Tx, command: PublishedLexicon, *, lexicons: Lexicons) -> None:
    """The newest revision holds; an older one that comes late changes nothing."""
    await lexicons.put(tx, command)
