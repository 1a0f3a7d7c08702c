"""After a busy time, with workers coming and going, every counter is what a recount gives."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator

import pytest

from contracts.micro_community import PostCreated, ReplyCreated
from kit.mongo import Database
from services.micro_community.app import SERVICE
from tests.integration.micro_community.conftest import Follower, Town
from tests.support.services import eventually


@contextlib.asynccontextmanager
async def coming_and_going(town: Town) -> AsyncIterator[None]:
    """Besides the worker that is there, another that starts and stops again and again."""
    over = asyncio.Event()

    async def come_and_go() -> None:
        while not over.is_set():
            extra = await town.house.start(SERVICE, roles=("worker",), picture_folder=town.house.folder / "pictures")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), 0.7)
            await extra.stop()

    going = asyncio.create_task(come_and_go())
    try:
        yield
    finally:
        over.set()
        await going


async def be_busy(member: Follower, post_ids: list[str], dice: random.Random) -> None:
    own: list[str] = []
    for number in range(25):
        post_id = dice.choice(post_ids)
        match dice.randrange(8):
            case 0:
                made = await member.post("/posts", {"text": f"帖 {number} #话题{dice.randrange(3)}#"})
                post_ids.append(made.json()["post_id"])
            case 1 | 2 | 3:
                reply = await member.post(f"/posts/{post_id}/replies", {"text": f"回 {number}"})
                own += [reply.json()["reply_id"]] if reply.status_code == 201 else []
            case 4:
                await member.send("PUT", f"/posts/{post_id}/like")
            case 5:
                await member.send("DELETE", f"/posts/{post_id}/like")
            case 6 if own:
                assert (await member.send("DELETE", f"/replies/{own.pop()}")).status_code == 200
            case _:
                await member.send("PUT", f"/posts/{post_id}/favourite")


async def require_recounted(database: Database) -> None:
    """What members are said to have is what there is of theirs."""
    async for member in database["members"].find():
        counts, member_id = member.get("counts") or {}, member["_id"]
        by_member = {"author_id": member_id, "state": "visible"}
        liked = {"author_id": member_id, "member_id": {"$ne": member_id}, "active": True}
        lines = [line["amount"] async for line in database["points"].find({"member_id": member_id})]
        recount = {
            "posts": await database["posts"].count_documents(by_member),
            "replies": await database["replies"].count_documents(by_member),
            "likes_received": await database["likes"].count_documents(liked),
            "followers": await database["follows"].count_documents({"followed_id": member_id, "active": True}),
            "following": await database["follows"].count_documents({"member_id": member_id, "active": True}),
            "points": sum(lines),
        }
        assert {name: counts.get(name, 0) for name in recount} == recount, member["openid"]


@pytest.mark.slow
async def test_counters_equal_a_recount(town: Town) -> None:
    await town.rule(posts_per_ten_minutes=1000, replies_per_minute=1000, per_address_per_minute=100_000)
    members = [await town.follower(f"o-{n}") for n in range(6)]
    post_ids = [(await members[0].post("/posts", {"text": "开始 #话题0#"})).json()["post_id"]]
    async with coming_and_going(town):
        await asyncio.gather(*(be_busy(member, post_ids, random.Random(seed)) for seed, member in enumerate(members)))
    await town.settled()
    database = town.gateway.database
    visible = {"state": "visible"}
    async for post in database["posts"].find():
        of_post = {"post_id": post["_id"]}
        liked = {"target_id": post["_id"], "active": True}
        assert post["counts"]["replies"] == await database["replies"].count_documents(of_post | visible)
        assert post["counts"]["likes"] == await database["likes"].count_documents(liked)
        assert post["counts"]["favourites"] == await database["favourites"].count_documents(of_post | {"active": True})
        floors = sorted([row["floor"] async for row in database["replies"].find(of_post)])
        assert floors == list(range(1, len(floors) + 1)) and post["floors"] == len(floors)
    await require_recounted(database)
    async for topic in database["topics"].find():
        assert topic["posts"] == await database["posts"].count_documents({"topics": topic["name"]} | visible)
    assert await database["search"].count_documents({}) == await database["posts"].count_documents(visible)
    seqs = [row["seq"] async for row in database["activity"].find({"account_id": town.first}).sort([("seq", 1)])]
    assert seqs == list(range(1, len(seqs) + 1))
    for kind, name in ((PostCreated, "posts"), (ReplyCreated, "replies")):

        async def published(kind: type = kind, name: str = name) -> bool:
            return len(await town.house.events(kind)) == await database[name].count_documents({})

        await eventually(published, f"every {kind.__name__}, once")
