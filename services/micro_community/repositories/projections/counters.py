"""Counters of posts, replies, members and topics, and floors. Each is what a recount would give."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pymongo import UpdateMany, UpdateOne

from kit.mongo import Document
from kit.transaction import Tx
from services.micro_community.domain.consequences import Consequences, MemberTally, PostTally, ReplyTally, TopicTally

HEAT_SECONDS = 45_000
"""A post must have ten times the response to stand as high as one that is this much younger."""


async def count(tx: Tx, consequences: Consequences) -> None:
    replies = {key: _reply(tally) for key, tally in consequences.replies.items()}
    if consequences.posts:
        consequences.floors |= await _floors(tx, consequences.posts)
        await _write(tx, "posts", [UpdateOne({"_id": key}, _post(t)) for key, t in consequences.posts.items()])
    await _write(tx, "replies", _alike(replies))
    await _write(tx, "members", _alike({key: _member(tally) for key, tally in consequences.members.items()}))
    await _write(tx, "topics", [_topic(name, tally) for (_, name), tally in consequences.topics.items()])
    await _write(tx, "days", [_day(key, vars(tally)) for key, tally in consequences.days.items()])
    pictures = [
        UpdateMany(
            {"_id": {"$in": [key for key, on in consequences.pictures.items() if on is shown]}},
            {"$set": {"shown": shown}},
        )
        for shown in sorted(set(consequences.pictures.values()))
    ]
    await _write(tx, "pictures", pictures)


async def _floors(tx: Tx, posts: dict[str, PostTally]) -> dict[str, int]:
    """The next floors, in order; the post that is written with them keeps two harvests from giving the same."""
    wanted = [post_id for post_id, tally in posts.items() if tally.numbered]
    if not wanted:
        return {}
    found = tx.collection("posts").find({"_id": {"$in": wanted}}, {"floors": 1}, session=tx.session)
    last = {post["_id"]: post["floors"] async for post in found}
    return {
        reply_id: floor
        for post_id in wanted
        for floor, reply_id in enumerate(posts[post_id].numbered, last.get(post_id, 0) + 1)
    }


def _post(tally: PostTally) -> list[Document]:
    added: dict[str, Any] = {
        "counts.replies": tally.replies,
        "counts.likes": tally.likes,
        "counts.favourites": tally.favourites,
        "counts.followers": tally.followers,
        "counts.voters": tally.voters,
        "floors": len(tally.numbered),
    }
    change: Document = {name: {"$add": [{"$ifNull": [f"${name}", 0]}, by]} for name, by in added.items() if by}
    if tally.last_active_at is not None:
        change["last_active_at"] = {"$max": ["$last_active_at", tally.last_active_at]}
    change |= {
        f"votes.{choice}": {"$add": [{"$ifNull": [f"$votes.{choice}", 0]}, by]} for choice, by in tally.votes.items()
    }
    return [{"$set": change}, {"$set": {"heat": _heat()}}] if change else [{"$set": {"heat": _heat()}}]


def _heat() -> Document:
    """Response in powers of ten, plus age: a number that need not be renewed as time goes by."""
    response = {
        "$add": [
            "$counts.likes",
            {"$multiply": [2, "$counts.replies"]},
            {"$multiply": [3, "$counts.favourites"]},
        ]
    }
    born = {"$divide": [{"$toLong": "$created_at"}, HEAT_SECONDS * 1000]}
    return {"$toLong": {"$multiply": [1_000_000, {"$add": [{"$log10": {"$max": [1, response]}}, born]}]}}


def _alike(changes: dict[str, Document]) -> list[UpdateMany]:
    """One write for all documents that change alike, which most do."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for key, change in changes.items():
        alike[repr(change)].append(key)
    return [UpdateMany({"_id": {"$in": keys}}, changes[keys[0]]) for keys in alike.values()]


def _reply(tally: ReplyTally) -> Document:
    return {"$inc": {"thread_replies": tally.thread, "likes": tally.likes}}


def _member(tally: MemberTally) -> Document:
    added = {
        "counts.posts": tally.posts,
        "counts.replies": tally.replies,
        "counts.likes_received": tally.likes_received,
        "counts.followers": tally.followers,
        "counts.following": tally.following,
    }
    change: Document = {"$inc": added | ({"counts.points": tally.points} if tally.points else {})}
    if tally.streak is not None:
        change["$set"] = {"check_in": {"day": tally.checked_in_on, "streak": tally.streak}}
        change["$max"] = {"counts.best_streak": tally.streak}
    return change


def _topic(name: str, tally: TopicTally) -> UpdateOne:
    change: Document = {
        "$setOnInsert": {"account_id": tally.account_id, "name": name},
        "$inc": {"posts": tally.posts, "followers": tally.followers},
    }
    if tally.at is not None:
        change["$max"] = {"last_active_at": tally.at}
    return UpdateOne({"_id": f"{tally.account_id}|{name}"}, change, upsert=True)


def _day(key: tuple[str, str], added: dict[str, int]) -> UpdateOne:
    account_id, day = key
    change = {"$setOnInsert": {"account_id": account_id, "day": day}, "$inc": added}
    return UpdateOne({"_id": f"{account_id}|{day}"}, change, upsert=True)


async def _write(tx: Tx, collection: str, changes: Any) -> None:
    if changes:
        await tx.collection(collection).bulk_write(changes, ordered=False, session=tx.session)
