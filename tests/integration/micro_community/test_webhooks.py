"""Events reach the operators' programs, signed, and again when the first attempt failed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from services.micro_community.app import SERVICE
from services.micro_community.domain.webhook import signature
from tests.integration.micro_community.conftest import Town
from tests.support.services import eventually


@dataclass
class Receiver:
    """A program of the operators'; answers with the statuses it is given, then 200."""

    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        self.got.append((headers, body))
        status = self.statuses.pop(0) if self.statuses else 200
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()
    await server.wait_closed()


async def test_events_are_delivered_signed_and_retried(town: Town, receiver: Receiver) -> None:
    operator = await town.staff()
    url = f"http://127.0.0.1:{receiver.port}/hook"
    refused = await operator.post("/webhooks", {"url": url})
    assert refused.json()["code"] == "micro_community.webhook_address_invalid"
    await town.gateway.stop()
    again = await town.house.start(
        SERVICE, schedule_seconds=0.1, webhook_private=True, picture_folder=town.house.folder / "pictures"
    )
    town.gateway, operator.http = again, again.http
    made = (await operator.post("/webhooks", {"url": url, "kinds": ["reply"]})).json()
    member = await town.follower("o-member")
    post_id = (await member.post("/posts", {"text": "回调"})).json()["post_id"]
    receiver.statuses = [500]
    reply = (await member.post(f"/posts/{post_id}/replies", {"text": "收到请回"})).json()

    async def failed_once() -> bool:
        return await again.database["deliveries"].count_documents({"status": 500}) == 1

    await eventually(failed_once, "the first attempt")
    await again.database["deliveries"].update_many({}, {"$set": {"next_at": reply_time(reply)}})

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
    assert (await operator.send("DELETE", f"/webhooks/{made['webhook_id']}")).status_code == 200
    assert (await operator.get("/webhooks")).json()["items"] == []
    assert (await member.get("/webhooks")).status_code == 401


def reply_time(reply: dict[str, str]) -> object:
    from datetime import datetime

    return datetime.fromisoformat(reply["created_at"])
