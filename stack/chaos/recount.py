"""A community recounted: what members were told, against what is stored, published, and shown to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from stack.chaos.founding import Founded
from stack.chaos.members import Diary, Member, Written
from stack.chaos.report import Report
from stack.chaos.resting import Inside

SERVICE = "micro_community"
_POINTS = {"post": 5, "reply": 2, "like": 1}
_CREATED = {"micro_community.post.created.v1": "post_id", "micro_community.reply.created.v1": "reply_id"}


async def recount(look: Inside, founded: Founded, members: list[Member], diary: Diary, report: Report) -> None:
    """Compare everything."""
    await _stored(look, diary, report)
    await _published(look, diary, report)
    await _notified(look, founded, members, diary, report)
    await _counted_posts(look, diary, report)
    await _counted_members(look, members, diary, report)


async def _stored(look: Inside, diary: Diary, report: Report) -> None:
    """Each acknowledged text stands once, under the id that was answered, as it was written."""
    expected = {(one.text, one.item_id, one.author_id, "visible") for one in diary.written}
    actual: Counter[Any] = Counter()
    for name in ("posts", "replies"):
        async for row in look.database(SERVICE)[name].find({}, {"text": 1, "author_id": 1, "state": 1}):
            actual[row["text"], row["_id"], row["author_id"], row["state"]] += 1
    report.same_once("stored", expected, actual)
    texts = Counter(text for text, *_ in actual.elements())
    for text, times in texts.items():
        if times > 1:
            report.found("doubled", f"text {text} stands {times} times", times=times - 1)


async def _published(look: Inside, diary: Diary, report: Report) -> None:
    """Each has its event on the stream once, and the versions of each aggregate have neither gap nor repetition."""
    created: Counter[Any] = Counter()
    versions: defaultdict[str, list[int]] = defaultdict(list)
    for event in await look.events(SERVICE):
        versions[event.subject].append(event.aggver)
        if event.type in _CREATED:
            created[event.data[_CREATED[event.type]]] += 1
    report.same_once("event of", {one.item_id for one in diary.written}, created)
    for aggregate, found in versions.items():
        report.same("doubled", f"versions of {aggregate} on the stream", list(range(1, len(found) + 1)), found)


async def _notified(look: Inside, founded: Founded, members: list[Member], diary: Diary, report: Report) -> None:
    """Whoever had to be told was told once: in the list, live, and in the number that the page shows."""
    expected = {(member, kind, one.item_id) for one in diary.written for member, kind in one.told}
    liked = {(author, "like", f"{post_id} by {fan}") for (post_id, fan), author in diary.likes.items() if author != fan}
    rows: Counter[Any] = Counter()
    async for row in look.database(SERVICE)["notifications"].find():
        about = row["reply_id"] if row["kind"] != "like" else f"{row['post_id']} by {row['actor_id']}"
        rows[row["member_id"], row["kind"], about] += 1
    report.same_once("notification", expected | liked, rows)
    live: Counter[Any] = Counter()
    seqs: list[int] = []
    async for happening in look.database(SERVICE)["activity"].find({"account_id": founded.account_id}).sort("seq", 1):
        seqs.append(happening["seq"])
        if happening["kind"] == "notification":
            live[happening["content"]["notification_id"]] += 1
    report.same("doubled", "notifications told live", len(expected | liked), live.total())
    report.same("doubled", "notifications told live, each once", len(live), live.total())
    report.same("lost", "the sequence of what happened", list(range(1, len(seqs) + 1)), seqs)
    for member in members:
        shown = await member.caller.get(f"{member.community}/notifications/unread")
        count = sum(1 for told, *_ in expected | liked if told == member.member_id)
        report.same("mismatched", f"unread notifications that {member.member_id} is shown", count, shown["unread"])


async def _counted_posts(look: Inside, diary: Diary, report: Report) -> None:
    likes = Counter(post_id for post_id, _ in diary.likes)
    threads = Counter(reply.root_id for replies in diary.replies.values() for reply in replies if reply.root_id)
    floors: defaultdict[str, list[int]] = defaultdict(list)
    async for row in look.database(SERVICE)["replies"].find({}, {"post_id": 1, "floor": 1, "thread_replies": 1}):
        if row.get("floor") is not None:
            floors[row["post_id"]].append(row["floor"])
        report.same("mismatched", f"thread of {row['_id']}", threads[row["_id"]], row.get("thread_replies") or 0)
    async for row in look.database(SERVICE)["posts"].find():
        post_id, replies = row["_id"], diary.replies.get(row["_id"], [])
        top = sum(1 for reply in replies if reply.root_id is None)
        report.same("mismatched", f"replies of {post_id}", len(replies), row["counts"]["replies"])
        report.same("mismatched", f"likes of {post_id}", likes[post_id], row["counts"]["likes"])
        report.same("mismatched", f"floors of {post_id}", list(range(1, top + 1)), sorted(floors[post_id]))
        report.same("mismatched", f"highest floor of {post_id}", top, row["floors"])


async def _counted_members(look: Inside, members: list[Member], diary: Diary, report: Report) -> None:
    by_author: defaultdict[str, list[Written]] = defaultdict(list)
    for one in diary.written:
        by_author[one.author_id].append(one)
    received = Counter(author for (_, fan), author in diary.likes.items() if author != fan)
    stored = {row["_id"]: row async for row in look.database(SERVICE)["members"].find()}
    for member in members:
        kinds = Counter(one.kind for one in by_author[member.member_id])
        points = sum(_POINTS[kind] * count for kind, count in kinds.items()) + received[member.member_id]
        expected = {"posts": kinds["post"], "replies": kinds["reply"], "points": points}
        expected |= {"likes_received": received[member.member_id]}
        counts = stored[member.member_id].get("counts") or {}
        actual = {name: counts.get(name, 0) for name in expected}
        report.same("mismatched", f"counters of {member.member_id}", expected, actual)
