"""A piece of an answer's body that is written at once: whole, in its place, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from kit.door import WRITE_NOW
from stack.serving import SERVED
from tests.support.services import Quiet, eventually

PIECE = b"x" * 16_384


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


@pytest.fixture
async def served() -> AsyncIterator[tuple[Streaming, int]]:
    app, listener = Streaming(), socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", **(SERVED | {"timeout_graceful_shutdown": 1, "loop": "none"}))
    server = Quiet(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    async with asyncio.timeout(20):
        yield app, listener.getsockname()[1]
        app.over.set()
        server.should_exit = True
        await serving


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
