"""Requests of the usual form go a shorter way, and many that come together share a page: no answer tells of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.integration.micro_community.conftest import Follower, Town


async def written(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def busy_post(town: Town, author: Follower, reader: Follower) -> tuple[str, str]:
    """A post with a poll, a reply, and a thread, of which the reader likes and chose something; other posts as well."""
    closes_at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    poll = {"options": ["早上", "晚上"], "closes_at": closes_at}
    post = await written(await author.post("/posts", {"text": "#义诊# 几点来？", "poll": poll}))
    quoting = {"text": "看这里", "quoted_post_id": post["post_id"], "mentions": [reader.member_id]}
    await written(await author.post("/posts", quoting))
    path = f"/posts/{post['post_id']}"
    root = await written(await reader.post(f"{path}/replies", {"text": "早上"}))
    for number in range(4):
        body = {"text": f"楼中楼 {number}", "parent_reply_id": root["reply_id"]}
        last = await written(await author.post(f"{path}/replies", body))
    await written(await reader.post(f"{path}/vote", {"choices": [1]}))
    await written(await reader.send("PUT", f"{path}/like"))
    await town.settled()
    return post["post_id"], last["reply_id"]


async def test_a_page_is_the_same_by_the_short_way_and_by_the_declared_one(town: Town) -> None:
    author, reader = await town.follower("author"), await town.follower("reader")
    post_id, _ = await busy_post(town, author, reader)
    feed, replies = "/posts", f"/posts/{post_id}/replies"
    # An empty topic and the usual order change nothing but the form of the request.
    forms: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        (feed, {"limit": 20}, {"topic": ""}),
        (replies, {"limit": 20, "with_post": "true"}, {"order": "oldest"}),
        (replies, {"limit": 20, "from_floor": 1}, {"order": "oldest"}),
    ]
    for path, usual, unusual in forms:
        for who in (author, reader):
            short, declared = await who.get(path, **usual), await who.get(path, **usual, **unusual)
            assert short.status_code == declared.status_code == 200, short.text
            assert short.json() == declared.json()
            assert short.json()["items"]
            assert all(short.headers[name] == declared.headers[name] for name in short.headers.keys() - {"date"})
        guests = [await town.http.get(author.path(path), params=usual | more) for more in ({}, unusual)]
        assert guests[0].json() == guests[1].json()


async def test_a_page_drawn_for_one_reader_alone_is_the_same_as_the_shared_one(town: Town) -> None:
    author, reader = await town.follower("author"), await town.follower("reader")
    post_id, _ = await busy_post(town, author, reader)
    pages: list[tuple[str, dict[str, Any]]] = [
        ("/posts", {}),
        (f"/posts/{post_id}/replies", {"with_post": "true"}),
    ]
    shared = [(await reader.get(path, **query)).json() for path, query in pages]
    # Who muted a word has every page drawn anew, without what has the word.
    await written(await reader.send("PUT", "/me/preferences", {"muted_words": ["无人写过的词"]}))
    alone = [(await reader.get(path, **query)).json() for path, query in pages]
    assert alone == shared


async def test_readers_who_come_together_each_see_what_is_theirs(town: Town) -> None:
    author, reader = await town.follower("author"), await town.follower("reader")
    post_id, _ = await busy_post(town, author, reader)
    readers = [author, reader] * 6
    answers = await asyncio.gather(*(who.get("/posts") for who in readers))
    for who, answer in zip(readers, answers, strict=True):
        mine = {item["post_id"]: item["mine"] for item in answer.json()["items"]}
        assert mine[post_id]["liked"] is (who is reader)
        assert mine[post_id]["author"] is (who is author)
    guest = (await town.http.get(author.path("/posts"))).json()
    assert {item["mine"] for item in guest["items"]} == {None}


async def test_what_is_wrong_is_answered_as_the_route_declares(town: Town) -> None:
    member = await town.follower("member")
    assert (await member.get("/posts", limit=0)).json()["code"] == "http.body_invalid"
    assert (await member.get("/posts", feed="nowhere")).status_code == 422
    assert (await member.get("/posts/nothing/replies", limit=5)).status_code == 404
    post_id = (await written(await member.post("/posts", {"text": "你好"})))["post_id"]
    path = f"/posts/{post_id}/replies"
    assert (await member.post(path, {"text": 1})).json()["code"] == "http.body_invalid"
    assert (await member.post(path, {"text": "好", "more": 1})).json()["code"] == "http.body_invalid"
    assert (await member.post(path, {"text": "好"}, key="short")).status_code == 422
    stranger = await town.follower("stranger", town.second)
    foreign = await town.http.post(member.path(path), json={"text": "好"}, headers=stranger.headers("0" * 16))
    assert foreign.status_code == 404
    nobody = await town.http.post(member.path(path), json={"text": "好"}, headers={"Idempotency-Key": "0" * 16})
    assert nobody.status_code == 401


async def test_replies_that_come_together_are_stored_once_each(town: Town) -> None:
    members = [await town.follower(f"member {number}") for number in range(4)]
    post_id = (await written(await members[0].post("/posts", {"text": "都来说说"})))["post_id"]
    path = f"/posts/{post_id}/replies"
    # Each of twelve keys three times at once: twins in one batch, and in different ones.
    sent = [(members[number % 4], f"key-{number:012d}") for number in range(12)] * 3
    answers = await asyncio.gather(*(who.post(path, {"text": f"回复 {key}"}, key=key) for who, key in sent))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["reply_id"] for answer in answers}) == 12
    assert await town.gateway.database["replies"].count_documents({"post_id": post_id}) == 12
    again = await members[0].post(path, {"text": "另一句"}, key=sent[0][1])
    assert again.json()["code"] == "http.idempotency_key_reused"


async def test_a_short_way_is_measured_as_its_route_and_refuses_as_the_others_do(town: Town) -> None:
    member = await town.follower("member")
    route = 'method="GET",route="/community/{account_id}/posts/{post_id}/replies",status="404"'

    async def counted() -> float:
        lines = (await town.http.get("/metrics")).text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if route in line and "_count" in line)

    before = await counted()
    refused = await member.get("/posts/nothing/replies", limit=20)
    assert (refused.status_code, refused.headers["content-type"]) == (404, "application/problem+json")
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert await counted() == before + 1


async def test_a_body_that_the_short_way_does_not_take_reaches_the_declared_one_whole(town: Town) -> None:
    member = await town.follower("member")
    post_id = (await written(await member.post("/posts", {"text": "你好"})))["post_id"]
    path, headers = member.path(f"/posts/{post_id}/replies"), member.headers("k" * 16)
    charset = headers | {"Content-Type": "application/json; charset=utf-8"}
    said = await town.http.post(path, content='{"text": "带字符集"}'.encode(), headers=charset)
    assert said.json()["text"] == "带字符集"
    broken = await town.http.post(path, content=b'{"text": ', headers=headers | {"Content-Type": "application/json"})
    assert broken.json()["code"] == "http.json_malformed"

    async def in_pieces() -> AsyncIterator[bytes]:
        for piece in (b'{"text": ', '"一点一点来"}'.encode()):
            yield piece

    again = member.headers("p" * 16) | {"Content-Type": "application/json"}
    assert (await town.http.post(path, content=in_pieces(), headers=again)).json()["text"] == "一点一点来"
