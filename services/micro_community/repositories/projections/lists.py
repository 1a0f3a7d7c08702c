"""Notifications, and what open pages are told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, replace

from pymongo import ReturnDocument

from kit.mongo import Document
from kit.transaction import Tx
from services.micro_community.domain.consequences import Happening, Notice
from services.micro_community.domain.consequences.model import Watched
from services.micro_community.domain.notice import KINDS

TO_MEMBERS = "notifications"
PUT_OFF = "followers_to_tell"
MOST_AT_ONCE = 500
"""Notices to followers that one transaction writes."""


async def for_followers(tx: Tx, watched: list[Watched]) -> list[Notice]:
    """A notice for each follower of a post. When there are many they are put off, for `next_followers`: nobody else's
    counters and notices wait for them."""
    posts = sorted({one.post_id for one in watched})
    if not posts:
        return []
    accounts = sorted({one.notice.account_id for one in watched})
    query = {"account_id": {"$in": accounts}, "followed_id": {"$in": posts}, "active": True}
    rows = tx.collection("follows").find(query, {"followed_id": 1, "member_id": 1}, session=tx.session)
    followers: defaultdict[str, list[str]] = defaultdict(list)
    for row in (found := await rows.to_list(MOST_AT_ONCE + 1)):
        followers[row["followed_id"]].append(row["member_id"])
    if len(found) > MOST_AT_ONCE or sum(len(followers[one.post_id]) for one in watched) > MOST_AT_ONCE:
        await tx.collection(PUT_OFF).insert_many([_put_off(one, tx) for one in watched], session=tx.session)
        return []
    return [notice for one in watched for notice in _each(one.notice, followers[one.post_id], one.knowing)]


async def next_followers(tx: Tx) -> tuple[str, list[Notice]] | None:
    """The community and notices of the next followers that were put off; None: there are none."""
    row = await tx.collection(PUT_OFF).find_one({}, sort=[("at", 1), ("_id", 1)], session=tx.session)
    if row is None:
        return None
    notice = Notice(**row["notice"])
    query: Document = {"account_id": notice.account_id, "followed_id": row["post_id"], "active": True}
    if row["told_to"] is not None:
        at, follow_id = row["told_to"]
        query["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": follow_id}}]
    found = tx.collection("follows").find(query, {"member_id": 1, "at": 1}, session=tx.session)
    followers = await found.sort([("at", -1), ("_id", -1)]).to_list(MOST_AT_ONCE)
    key = {"_id": row["_id"]}
    if len(followers) < MOST_AT_ONCE:
        await tx.collection(PUT_OFF).delete_one(key, session=tx.session)
    else:
        told_to = [followers[-1]["at"], followers[-1]["_id"]]
        await tx.collection(PUT_OFF).update_one(key, {"$set": {"told_to": told_to}}, session=tx.session)
    members = [one["member_id"] for one in followers]
    return notice.account_id, _each(notice, members, frozenset(row["knowing"]))


def _each(notice: Notice, member_ids: list[str], knowing: frozenset[str]) -> list[Notice]:
    return [replace(notice, member_id=member_id) for member_id in member_ids if member_id not in knowing]


def _put_off(watched: Watched, tx: Tx) -> Document:
    return {
        "_id": watched.notice.subject_id,
        "post_id": watched.post_id,
        "notice": asdict(watched.notice),
        "knowing": sorted(watched.knowing),
        "told_to": None,
        "at": tx.now,
    }


async def wanted(tx: Tx, notices: list[Notice]) -> list[Notice]:
    """Without what its member muted, what comes from somebody they blocked, and what they were told before."""
    if not notices:
        return []
    distinct = {notice.notification_id: notice for notice in notices}
    told = tx.collection(TO_MEMBERS).find({"_id": {"$in": list(distinct)}}, {"_id": 1}, session=tx.session)
    for row in [row async for row in told]:
        del distinct[row["_id"]]
    ids = sorted({notice.member_id for notice in distinct.values()})
    names = {"blocked_ids": 1, "muted_notices": 1, "muted_words": 1}
    found = tx.collection("members").find({"_id": {"$in": ids}}, names, session=tx.session)
    members = {row["_id"]: row async for row in found}

    def wants(notice: Notice) -> bool:
        member = members.get(notice.member_id, {})
        muted, blocked = member.get("muted_notices") or (), member.get("blocked_ids") or ()
        # Words are muted where others speak, not where a moderator does.
        words = (member.get("muted_words") or ()) if notice.actor_id else ()
        spoken = f"{notice.excerpt}\n{notice.said}".casefold()
        named = any(word.casefold() in spoken for word in words)
        return notice.kind not in muted and notice.actor_id not in blocked and not named

    return [notice for notice in distinct.values() if wants(notice)]


async def notify(tx: Tx, notices: list[Notice]) -> None:
    """Newest last: `seq` orders a member's list, and it is the time of projection that counts."""
    if not notices:
        return
    first = await _reserve(tx, TO_MEMBERS, len(notices))
    outside = await _outside(tx, notices)
    rows = [
        {"_id": notice.notification_id, **_row(notice, seq)}
        | ({"outside_at": notice.at} if notice.notification_id in outside else {})
        for seq, notice in enumerate(notices, first)
    ]
    await tx.collection(TO_MEMBERS).insert_many(rows, ordered=False, session=tx.session)


async def _outside(tx: Tx, notices: list[Notice]) -> frozenset[str]:
    """Ids of those that may be sent outside of the page if nobody reads them in time."""
    worth = [notice for notice in notices if notice.kind in KINDS]
    accounts = sorted({notice.account_id for notice in worth})
    query = {"_id": {"$in": accounts}, "rules.notice_channel": {"$in": ["subscription", "template"]}}
    names = {"rules.notice_channel": 1, "rules.notice_template_id": 1}
    found = tx.collection("communities").find(query, names, session=tx.session) if accounts else None
    rules = {row["_id"]: row["rules"] async for row in found} if found is not None else {}
    asked = [notice for notice in worth if notice.account_id in rules]
    keys = [f"{notice.member_id}|{rules[notice.account_id]['notice_template_id']}" for notice in asked]
    left: set[str] = set()
    if keys:
        quotas = tx.collection("notice_quotas").find({"_id": {"$in": keys}, "left": {"$gt": 0}}, session=tx.session)
        left = {row["_id"] async for row in quotas}
    return frozenset(
        notice.notification_id
        for notice, key in zip(asked, keys, strict=True)
        if key in left or rules[notice.account_id]["notice_channel"] == "template"
    )


async def happen(tx: Tx, happenings: list[Happening]) -> None:
    """Append to each community's sequence: whoever projects holds it until the commit, so it has no gaps."""
    by_account: defaultdict[str, list[Happening]] = defaultdict(list)
    for happening in happenings:
        by_account[happening.account_id].append(happening)
    rows: list[Document] = []
    for account_id, told in sorted(by_account.items()):
        first = await _reserve(tx, account_id, len(told))
        rows += [_activity(happening, seq, tx) for seq, happening in enumerate(told, first)]
    if rows:
        await tx.collection("activity").insert_many(rows, ordered=False, session=tx.session)


async def _reserve(tx: Tx, name: str, count: int) -> int:
    row = await tx.collection("sequences").find_one_and_update(
        {"_id": name},
        {"$inc": {"last": count}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
        session=tx.session,
    )
    return int(row["last"]) - count + 1


def _activity(happening: Happening, seq: int, tx: Tx) -> Document:
    return {
        "_id": f"{happening.account_id}|{seq}",
        "account_id": happening.account_id,
        "seq": seq,
        "kind": happening.kind,
        "post_id": happening.post_id,
        "to": happening.to,
        "content": happening.content,
        "happened_at": happening.at,
        "at": tx.now,
    }


def _row(notice: Notice, seq: int) -> Document:
    return {
        "account_id": notice.account_id,
        "member_id": notice.member_id,
        "seq": seq,
        "kind": notice.kind,
        "post_id": notice.post_id,
        "reply_id": notice.reply_id,
        "actor_id": notice.actor_id,
        "excerpt": notice.excerpt,
        "at": notice.at,
        "read": False,
    }
