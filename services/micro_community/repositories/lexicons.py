"""Lexicons that review published, in `lexicons`; until a group's own is there, the seeded list holds in it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cache, lru_cache

from contracts.review import seeded_lexicon
from kit.mongo import Database
from kit.transaction import Tx
from services.micro_community.domain.sensitive import PublishedLexicon, Vocabulary, holding

KEPT_SECONDS = 1.0
MOST = 500
EVERYWHERE = "/"


@dataclass(frozen=True)
class MongoLexicons:
    """Every text is checked, so each replica keeps what it read for a second."""

    database: Database
    _kept: dict[str, tuple[float, tuple[PublishedLexicon, ...]]] = field(default_factory=dict)

    async def put(self, tx: Tx, lexicon: PublishedLexicon) -> None:
        lexicons = tx.collection("lexicons")
        stored = await lexicons.find_one({"_id": lexicon.lexicon_id}, {"revision": 1}, session=tx.session)
        if stored is not None and stored["revision"] >= lexicon.revision:
            return
        document = {
            "unit_path": lexicon.unit_path,
            "revision": lexicon.revision,
            "words": [list(pair) for pair in lexicon.words],
            "at": tx.now,
        }
        await lexicons.replace_one({"_id": lexicon.lexicon_id}, document, upsert=True, session=tx.session)

    async def of(self, unit_path: str) -> Vocabulary:
        read_at, known = self._kept.get("all", (0.0, ()))
        if not read_at or time.monotonic() - read_at >= KEPT_SECONDS:
            known = await self._read()
            self._kept["all"] = (time.monotonic(), known)
        return _holding(known, unit_path)

    async def _read(self) -> tuple[PublishedLexicon, ...]:
        rows = self.database["lexicons"].find().sort([("_id", 1)]).limit(MOST)
        return tuple(
            [
                PublishedLexicon(
                    row["_id"],
                    row["unit_path"],
                    row["revision"],
                    tuple((word, action) for word, action in row["words"]),
                )
                async for row in rows
            ]
        )


@lru_cache(maxsize=256)
def _holding(known: tuple[PublishedLexicon, ...], unit_path: str) -> Vocabulary:
    # What one unit publishes for itself does not leave it, or the others, without the words of all.
    group = f"/{unit_path.strip('/').partition('/')[0]}"
    return holding(known if any(one.covers(group) for one in known) else (_seeded(), *known), unit_path)


@cache
def _seeded() -> PublishedLexicon:
    return PublishedLexicon("seeded", EVERYWHERE, 0, tuple((word.word, word.action) for word in seeded_lexicon()))
