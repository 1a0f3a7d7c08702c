"""Events reach the operators' programs, signed, and again when the first attempt failed."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from kit.clock import SystemClock
from kit.ids import new_id
from services.micro_community.adapters.webhook_calls import HttpWebhookCalls
from services.micro_community.app import SERVICE
from services.micro_community.commands.tell_webhooks import EMITTED
from services.micro_community.domain.webhook import GIVEN_UP_AFTER, signature
from services.micro_community.repositories import MongoWebhooks
from tests.integration.micro_community.conftest import Staff, Town
from tests.integration.micro_community.test_chats import writes
from tests.support.services import eventually

PAUSE = timedelta(hours=1)


@dataclass
class Receiver:
    """A program of the operators'; answers with the statuses it is given, then 200."""

    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    port: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        self.got.append((headers, body))
        status = self.statuses.pop(0) if self.statuses else 200
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()


@dataclass
class Silent(Receiver):
    """Takes a call and says nothing."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.over.wait()


@dataclass
class Talkative(Receiver):
    """Answers a byte at a time, without an end: the first `statuses`, or else a body of it."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.statuses:
            writer.write(b"HTTP/1.1 200 X\r\n\r\n")
        while not (self.over.is_set() or writer.is_closing()):
            writer.write(b"X")
            await writer.drain()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.over.wait(), 0.01)


@contextlib.asynccontextmanager
async def listening(found: Receiver) -> AsyncIterator[Receiver]:
    serving: set[asyncio.Task[Any] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError):
            try:
                await found.serve(reader, writer)
            finally:
                writer.close()
                await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    found.over.set()
    server.close()
    await asyncio.gather(*(task for task in serving if task is not None))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with listening(Receiver()) as found:
        yield found


async def private(town: Town) -> Staff:
    """An operator, where webhooks may lead into the own network."""
    await town.gateway.stop()
    town.gateway = await town.house.start(
        SERVICE, schedule_seconds=0.1, webhook_private=True, picture_folder=town.house.folder / "pictures"
    )
    return await town.staff()


async def registered(operator: Staff, receiver: Receiver, *kinds: str) -> dict[str, Any]:
    answer = await operator.post("/webhooks", {"url": f"http://127.0.0.1:{receiver.port}/hook", "kinds": kinds})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_events_are_delivered_signed_and_retried(town: Town, receiver: Receiver) -> None:
    operator = await town.staff()
    url = f"http://127.0.0.1:{receiver.port}/hook"
    refused = await operator.post("/webhooks", {"url": url})
    assert refused.json()["code"] == "micro_community.webhook_address_invalid"
    operator = await private(town)
    again = town.gateway
    made = await registered(operator, receiver, "reply")
    member = await town.follower("o-member")
    post_id = (await member.post("/posts", {"text": "回调"})).json()["post_id"]
    receiver.statuses = [500]
    reply = (await member.post(f"/posts/{post_id}/replies", {"text": "收到请回"})).json()

    async def failed_once() -> bool:
        return await again.database["webhooks"].count_documents({"last_status": 500}) == 1

    await eventually(failed_once, "the first attempt")
    [paused] = (await operator.get("/webhooks")).json()["items"]
    assert (paused["waiting"], paused["failed"], paused["last_status"]) == (1, 0, 500)
    assert paused["paused_until"] > paused["last_at"]
    at = datetime.fromisoformat(reply["created_at"])
    await again.database["deliveries"].update_many({}, {"$set": {"next_at": at}})
    await again.database["webhooks"].update_many({}, {"$set": {"free_at": at}})

    async def done() -> bool:
        return await again.database["deliveries"].count_documents({"state": "done"}) == 1

    await eventually(done, "the second attempt")
    assert len(receiver.got) == 2
    headers, body = receiver.got[1]
    event = json.loads(body)
    assert (event["type"], event["data"]["reply_id"]) == ("micro_community.reply.created.v1", reply["reply_id"])
    assert headers["guanwei-delivery"] == event["id"]
    stamp = int(headers["guanwei-signature"].split(",")[0][2:])
    assert headers["guanwei-signature"] == signature(made["secret"], stamp, body)
    listed = (await operator.get("/webhooks")).json()["items"]
    assert [(one["waiting"], one["failed"], "secret" in one) for one in listed] == [(0, 0, False)]
    assert (listed[0]["last_status"], listed[0]["paused_until"]) == (200, None)
    assert (await operator.send("DELETE", f"/webhooks/{made['webhook_id']}")).status_code == 200
    assert (await operator.get("/webhooks")).json()["items"] == []
    assert (await member.get("/webhooks")).status_code == 401


async def test_one_that_says_nothing_holds_up_nobody_else(town: Town, receiver: Receiver) -> None:
    operator = await private(town)
    async with listening(Silent()) as silent:
        ids = {(await registered(operator, silent, "post"))["webhook_id"] for _ in range(4)}
        await registered(operator, receiver, "post")
        member = await town.follower("o-member")
        for number in range(2):
            assert (await member.post("/posts", {"text": f"帖 {number}"})).status_code == 201

        async def both_came() -> bool:
            return len(receiver.got) == 2

        await eventually(both_came, "both events")
        # Nobody has answered for the first event yet, and the second waits for that.
        calls = {"webhook_id": {"$in": sorted(ids)}, "attempts": {"$gt": 0}, "status": None}
        assert await town.gateway.database["deliveries"].count_documents(calls) == len(ids)


@pytest.mark.parametrize(("statuses", "status"), [([], 200), ([0], 0)])
async def test_a_call_ends_however_long_it_is_answered(statuses: list[int], status: int) -> None:
    async with listening(Talkative(statuses)) as talkative, httpx.AsyncClient(timeout=30, trust_env=False) as client:
        calls = HttpWebhookCalls(client, private=True, seconds=1.0)
        assert await calls.call(f"http://127.0.0.1:{talkative.port}/", "{}", {}) == status


async def test_never_more_than_five_though_many_register_at_once(town: Town) -> None:
    operator = await town.staff()
    answers = await asyncio.gather(*(operator.post("/webhooks", {"url": f"https://a.example/{n}"}) for n in range(12)))
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409] * 7
    assert len((await operator.get("/webhooks")).json()["items"]) == 5


async def test_what_transactions_emit_is_told_too_and_once(town: Town, receiver: Receiver) -> None:
    await town.follower("o-early")
    operator = await private(town)
    await registered(operator, receiver, "member", "share", "chat")
    member = await town.follower("o-member")
    assert (await member.post("/shares", {"channel": "chat"})).status_code == 201
    muted = await operator.post(f"/moderation/members/{member.member_id}/mute", {"minutes": 5, "reason": "刷屏"})
    assert muted.status_code == 200
    await writes(town, "在吗", openid="o-member")
    [chat] = (await operator.get("/chats")).json()["items"]
    await operator.post(f"/chats/{chat['chat_id']}/take")
    assert (await operator.post(f"/chats/{chat['chat_id']}/messages", {"text": "在的"})).status_code == 201
    assert (await member.send("DELETE", "/me")).status_code == 204
    happened = ["chat.assigned", "chat.message_written", "chat.opened", "member.joined", "member.left", "member.muted"]

    async def all_came() -> bool:
        return len(receiver.got) >= len(happened) + 1

    await eventually(all_came, "all events")
    await town.settled()
    got = [json.loads(body) for _, body in receiver.got]
    kinds = sorted(event["type"].removeprefix("micro_community.").removesuffix(".v1") for event in got)
    assert kinds == [*happened, "share.made"]
    assert {event["data"]["account_id"] for event in got} == {town.first}
    assert not any("openid" in event["data"] for event in got)
    [joined] = [event for event in got if event["type"] == "micro_community.member.joined.v1"]
    assert (joined["data"]["member_id"], joined["aggver"]) == (member.member_id, 1)
    assert await town.gateway.database["outbox"].count_documents({"type": {"$in": EMITTED}, "told": None}) == 0


async def test_what_waited_for_too_long_is_given_up_and_seen(town: Town, receiver: Receiver) -> None:
    operator = await town.staff()
    made = (await operator.post("/webhooks", {"url": "https://a.example/"})).json()
    now = SystemClock().now()
    rows = [
        {"_id": new_id(), "webhook_id": made["webhook_id"], "state": "due", "at": now - age, "next_at": now + PAUSE}
        for age in (GIVEN_UP_AFTER / 2, GIVEN_UP_AFTER * 2)
    ]
    await town.gateway.database["deliveries"].insert_many(rows)
    await MongoWebhooks(town.gateway.database).give_up(now)
    [listed] = (await operator.get("/webhooks")).json()["items"]
    assert (listed["waiting"], listed["failed"]) == (1, 1)
    kept = await town.gateway.database["deliveries"].index_information()
    assert [index["key"] for index in kept.values() if "expireAfterSeconds" in index] == [[("settled_at", 1)]]
