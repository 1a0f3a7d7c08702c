"""The chain: its hash is fixed for ever, and depends on every part of an entry and on its place."""

from __future__ import annotations

import hashlib
import json

from services.review.domain.audit import FIRST_LINK, entry_of, link
from tests.unit.review.shapes import NOW, opened, step


def test_the_hash_is_that_of_the_documented_json() -> None:
    entry = entry_of(opened(step("审核", "any_of", "a")), "approved", NOW, actor_id="a", step=1, comment="同意").plain
    text = json.dumps(
        {"entry": entry, "previous": FIRST_LINK, "sequence": 1},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    assert link(1, FIRST_LINK, entry) == hashlib.sha256(text.encode()).hexdigest()
    assert entry["at"] == "2026-03-02T09:00:00.000+00:00"


def test_every_part_and_the_place_count() -> None:
    entry = entry_of(opened(step("审核", "any_of", "a")), "approved", NOW, actor_id="a", step=1).plain
    whole = link(1, FIRST_LINK, entry)
    assert whole != link(2, FIRST_LINK, entry)
    assert whole != link(1, "1" * 64, entry)
    for name in entry:
        assert whole != link(1, FIRST_LINK, entry | {name: "别的"}), name
