"""Lexicons that review published, in `lexicons`; until there is one, the seeded list holds."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cache

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
        if not known or time.monotonic() - read_at >= KEPT_SECONDS:
            known = await self._read() or (_seeded(),)
            self._kept["all"] = (time.monotonic(), known)
        return holding(known, unit_path)

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


@cache
def _seeded() -> PublishedLexicon:
    return PublishedLexicon("seeded", EVERYWHERE, 0, tuple((word.word, word.action) for word in seeded_lexicon()))
