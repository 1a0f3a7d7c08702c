"""Rows by the million: copies of rows that the service wrote, with other ids, authors, texts and times.

So they have the service's shape whatever that becomes, and the counters on them say what a recount would.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import timedelta

from pymongo import WriteConcern

from bench.community.place import Place
from kit import mongo
from kit.ids import derived_id
from kit.mongo import Document
from services.micro_community.adapters.tokens import JiebaTokens
from services.micro_community.repositories import INDEXES

BATCH = 2_000
BUILDING_MS = 1_800_000
TEXTS = 4_000
STEP = timedelta(seconds=7)


async def sow_posts(place: Place, count: int) -> list[str]:
    """So many posts, the first id the newest."""
    rows = list(_posts(place, count))
    await _insert(place, "posts", rows)
    await _count(place, "posts", count)
    return [row["_id"] for row in rows]


async def sow_replies(place: Place, post_id: str, count: int) -> None:
    """So many replies to the post, each with its floor."""
    await _insert(place, "replies", _replies(place, post_id, count))
    last = place.samples["posts"]["created_at"]
    change = {"$set": {"counts.replies": count, "floors": count, "last_active_at": last}}
    await place.site.database["posts"].update_one({"_id": post_id}, change)
    await _count(place, "replies", count)


async def sow_searchable(place: Place, count: int) -> None:
    """So many posts that search knows, their tokens made as the service makes them.

    The indexes are built when all are there: what is measured is searching, not filling.
    """
    filled = {name: INDEXES[name] for name in ("posts", "search")}
    for name in filled:
        await place.site.database[name].drop_indexes()
    for rows in _batches(_posts(place, count)):
        await _insert(place, "posts", rows)
        await _insert(place, "search", [_entry(place, row) for row in rows])
    await _count(place, "posts", count)
    patient = mongo.connect(place.site.mongodb_url, app="bench", answer_ms=BUILDING_MS)
    await mongo.ensure_indexes(patient[place.site.database.name], filled)
    patient.close()


def _posts(place: Place, count: int) -> Iterator[Document]:
    sample, authors = place.samples["posts"], itertools.cycle(place.member_ids)
    for number in range(count):
        created_at = sample["created_at"] - number * STEP
        yield sample | {
            "_id": derived_id("bench post", place.account_id, str(number)),
            "author_id": next(authors),
            "title": place.writer.text(10) if number % 2 else None,
            "text": place.writer.text(40),
            "topics": sample["topics"] if number % 5 == 0 else [],
            "created_at": created_at,
            "last_active_at": created_at,
            "counts": dict.fromkeys(sample["counts"], 0),
            "floors": 0,
        }


def _replies(place: Place, post_id: str, count: int) -> Iterator[Document]:
    sample, authors = place.samples["replies"], itertools.cycle(place.member_ids)
    texts = [place.writer.text(40) for _ in range(TEXTS)]
    first = sample["created_at"] - timedelta(seconds=count)
    for number in range(count):
        yield sample | {
            "_id": derived_id("bench reply", post_id, str(number)),
            "post_id": post_id,
            "thread_id": post_id,
            "author_id": next(authors),
            "text": texts[number % TEXTS],
            "created_at": first + timedelta(seconds=number),
            "floor": number + 1,
        }


_tokens = JiebaTokens()


def _entry(place: Place, row: Document) -> Document:
    """What search keeps of a post: the sample's fields, with what the post has of them."""
    same = {name: row[name] for name in place.samples["search"] if name in row}
    return place.samples["search"] | same | {"tokens": _tokens.of_text(f"{row['title'] or ''}\n{row['text']}")}


async def _insert(place: Place, name: str, rows: Iterable[Document]) -> None:
    """Unacknowledged by the journal: if the machine goes, so does the bench."""
    collection = place.site.database.get_collection(name, write_concern=WriteConcern(w=1, j=False))
    for batch in _batches(rows):
        await collection.insert_many(batch, ordered=False)


async def _count(place: Place, what: str, count: int) -> None:
    """The members' counters say who wrote how much; the rows were dealt out in turn."""
    ids = place.member_ids
    for number, member_id in enumerate(ids):
        own = count // len(ids) + (number < count % len(ids))
        await place.site.database["members"].update_one({"_id": member_id}, {"$inc": {f"counts.{what}": own}})


def _batches(rows: Iterable[Document]) -> Iterator[list[Document]]:
    left = iter(rows)
    while batch := list(itertools.islice(left, BATCH)):
        yield batch
