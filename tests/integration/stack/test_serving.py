"""What is written at once, an answer or a piece of one: whole, in its place, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from kit.door import ANSWER_NOW, WRITE_NOW
from stack.places import REPOSITORY
from stack.serving import SERVED
from tests.support.services import Quiet, eventually

PIECE = b"x" * 16_384
SERVED_BY_NOBODY = """
import os, pathlib, uvicorn
from stack.serving import run

def tell(*_, **__):
    print(os.getpriority(os.PRIO_PROCESS, 0))
    session = pathlib.Path("/proc/self/autogroup")
    print(session.read_text() if session.exists() else "", end="")

uvicorn.run = tell
run("{service}", "{role}", "127.0.0.1", 1)
"""
NEEDED = ("SERVICE", "MONGODB_URL", "NATS_URL", "SIGNING_KEY_FILE")
BESIDES = {"publisher": ("SEALING_KEY_FILE",)}


@dataclass
class Streaming:
    """An app whose answer begins, and goes on as the test says."""

    write_now: Callable[[bytes], bool] = lambda _: False
    send: Any = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.write_now, self.send = scope["extensions"][WRITE_NOW], send
        assert self.write_now(b"too early") is False
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.say(b"first ")
        self.begun.set()
        await self.over.wait()
        await send({"type": "http.response.body", "body": b""})
        assert self.write_now(b"too late") is False

    async def say(self, piece: bytes) -> None:
        await self.send({"type": "http.response.body", "body": piece, "more_body": True})


UNUSUAL = [
    (b"x-told", b"one\r\nset-cookie: stolen"),
    (b"x-told", b"nul \0"),
    (b"x told", b"one"),
    (b"connection", b"close"),
    (b"transfer-encoding", b"chunked"),
    (b"content-length", b"1"),
]


@dataclass
class Answering:
    """An app that tries to answer at once, and says by the status whether it could; `/` when its reader has gone."""

    headers: tuple[tuple[bytes, bytes], ...] = ()
    tried: list[bool] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while scope["path"] == "/" and (await receive())["type"] != "http.disconnect":
            pass
        answer_now, path = scope["extensions"][ANSWER_NOW], scope["path"].encode()
        length = (b"content-length", str(len(path)).encode())
        self.tried.append(answer_now(200, [length, *self.headers], path))
        if self.tried[-1]:
            assert answer_now(200, [length], path) is False
            return
        await send({"type": "http.response.start", "status": 203, "headers": [length]})
        await send({"type": "http.response.body", "body": path})


@pytest.fixture
async def served() -> AsyncIterator[tuple[Streaming, int]]:
    app = Streaming()
    async with serving(app) as port:
        yield app, port
        app.over.set()


@contextlib.asynccontextmanager
async def serving(app: Any) -> AsyncIterator[int]:
    """The app behind the server; the port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(app, lifespan="off", **(SERVED | {"timeout_graceful_shutdown": 1, "loop": "none"}))
    server = Quiet(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    async with asyncio.timeout(20):
        yield listener.getsockname()[1]
        server.should_exit = True
        await running


@contextlib.asynccontextmanager
async def asking(port: int, method: str = "GET") -> AsyncIterator[asyncio.StreamReader]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{method} / HTTP/1.1\r\nHost: test\r\n\r\n".encode())
    try:
        yield reader
    finally:
        writer.close()


async def body_of(reader: asyncio.StreamReader) -> bytes:
    """The whole body, from its chunks."""
    assert b"transfer-encoding: chunked" in await reader.readuntil(b"\r\n\r\n")
    found = b""
    while size := int(await reader.readline(), 16):
        found += (await reader.readexactly(size + 2))[:-2]
    return found


async def test_pieces_stand_in_their_order_among_those_that_are_sent(served: tuple[Streaming, int]) -> None:
    app, port = served
    async with asking(port) as reader:
        await app.begun.wait()
        assert app.write_now(b"second ")
        await app.say(b"third ")
        assert app.write_now("四".encode())
        app.over.set()
        assert (await body_of(reader)).decode() == "first second third 四"


async def test_a_reader_who_does_not_keep_up_is_not_written_to_and_loses_nothing(served: tuple[Streaming, int]) -> None:
    app, port = served
    async with asking(port) as reader:
        await app.begun.wait()
        taken = 0
        while app.write_now(PIECE):
            taken += 1
            await asyncio.sleep(0)
        saying = asyncio.create_task(app.say(b"last"))
        app.over.set()
        found = await body_of(reader)
        await saying
    assert found == b"first " + PIECE * taken + b"last"


async def test_an_answer_without_a_body_takes_none(served: tuple[Streaming, int]) -> None:
    app, port = served
    async with asking(port, "HEAD") as reader:
        await app.begun.wait()
        assert app.write_now(b"nothing") is False
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")


async def test_who_has_gone_is_not_written_to(served: tuple[Streaming, int]) -> None:
    app, port = served
    async with asking(port):
        await app.begun.wait()

    async def refused() -> bool:
        return not app.write_now(b"to nobody")

    await eventually(refused, "the connection is known to be closed")


async def exchanged(port: int, *requests: str) -> list[tuple[int, str]]:
    """Status and body of each, all sent at once over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("".join(f"{request} HTTP/1.1\r\nHost: test\r\n\r\n" for request in requests).encode())
    answers = []
    for request in requests:
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0 if request.startswith("HEAD") else int(head.split(b"content-length: ")[1].split(b"\r")[0])
        answers.append((int(head[9:12]), (await reader.readexactly(length)).decode()))
    writer.close()
    return answers


async def test_answers_come_whole_in_the_order_of_the_questions() -> None:
    app = Answering()
    async with serving(app) as port:
        assert await exchanged(port, "GET /one", "GET /two", "GET /three") == [
            (200, "/one"),
            (200, "/two"),
            (200, "/three"),
        ]
    assert app.tried == [True] * 3


async def test_what_is_unusual_goes_the_long_way() -> None:
    app = Answering()
    async with serving(app) as port:
        assert await exchanged(port, "HEAD /head") == [(203, "")]
        assert await exchanged(port, "GET /old HTTP/1.1\r\nConnection: close\r\nX-Rest:") == [(203, "/old")]
        for header in UNUSUAL:
            app.headers = (header,)
            assert await exchanged(port, "GET /unusual") == [(203, "/unusual")]
    assert not any(app.tried)


async def test_who_has_gone_gets_no_answer() -> None:
    app = Answering()
    async with serving(app) as port:
        async with asking(port):
            pass

        async def tried() -> bool:
            return app.tried == [False]

        await eventually(tried, "no answer for who has gone")


@pytest.mark.parametrize(
    ("service", "role", "gives_way"),
    [("micro_community", "worker", True), ("micro_community", "http", False), ("publisher", "worker", False)],
)
async def test_what_follows_gives_way_to_who_waits(service: str, role: str, gives_way: bool) -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SERVED_BY_NOBODY.format(service=service, role=role)),
        cwd=REPOSITORY,
        env={**os.environ, **{f"GUANWEI_{name}": "nothing://reached" for name in (*NEEDED, *BESIDES.get(service, ()))}},
        start_new_session=True,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    niceness, *session = output.decode().splitlines()
    assert int(niceness) == (min(before + 10, 19) if gives_way else before)
    assert all(line.endswith(f"nice {10 if gives_way else 0}") for line in session)
