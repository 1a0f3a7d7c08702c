"""The edge, as the stack runs it: caddy with the shipped configuration, in front of a service that the test plays."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from stack.console import Console
from stack.layout import PREFIXES
from stack.options import Options
from stack.system import Stack


@pytest.fixture
async def stack(own_folder: Path) -> AsyncIterator[Stack]:
    # A dot in the path, as in `.guanwei`: caddy can be told to hide such files.
    async with Stack.start(Options(folder=own_folder / ".state", only=("edge",)), Console(io.StringIO())) as stack:
        yield stack


@pytest.fixture
async def browser(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stack.addresses["edge"], trust_env=False) as client:
        yield client


class Service:
    """A service that answers with the head of the request it got; `/slow` sends a line, and a second when told to."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    @contextlib.asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._answer, "127.0.0.1", port)
        try:
            yield
        finally:
            server.close()
            await server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ", 2)[1]
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readexactly(int(next(iter(re.findall(rb"(?i)content-length: (\d+)", head)), 0)))
        if path.endswith(b"/slow"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: 1\n\n")
            await writer.drain()
            await self.go_on.wait()
            writer.write(b"data: 2\n\n")
        else:
            length = str(len(head)).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nServer: secret\r\nContent-Length: " + length)
            writer.write(b"\r\nConnection: close\r\n\r\n" + head)
        await writer.drain()
        writer.close()


@pytest.mark.parametrize(("service", "prefix"), PREFIXES.items())
async def test_a_service_gets_its_requests_with_the_prefix(
    stack: Stack, browser: httpx.AsyncClient, service: str, prefix: str
) -> None:
    async with Service().listening(stack.layout.ports[service]):
        answer = await browser.get(f"{prefix}/things/1?q=群", headers={"X-Forwarded-For": "6.6.6.6"})
    assert answer.status_code == 200
    assert answer.text.startswith(f"GET {prefix}/things/1?q=%E7%BE%A4 HTTP/1.1\r\n")
    assert "6.6.6.6" not in answer.text
    assert "server" not in answer.headers


async def test_server_sent_events_leave_as_they_come(stack: Stack, browser: httpx.AsyncClient) -> None:
    service = Service()
    port = stack.layout.ports["micro_community"]
    async with service.listening(port), browser.stream("GET", "/community/slow") as answer:
        lines = answer.aiter_lines()
        assert await asyncio.wait_for(anext(lines), 5) == "data: 1"
        service.go_on.set()
        assert [line async for line in lines if line] == ["data: 2"]


async def test_a_request_waits_for_a_service_that_is_just_restarting(stack: Stack, browser: httpx.AsyncClient) -> None:
    request = asyncio.create_task(browser.post("/registry/accounts", content=b"{}"))
    answered, _ = await asyncio.wait({request}, timeout=0.5)
    assert not answered
    async with Service().listening(stack.layout.ports["registry"]):
        assert (await request).status_code == 200


async def test_a_service_that_is_away_is_a_problem_in_chinese(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/review/cases", timeout=10)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "edge.service_unavailable"
    assert "服务暂时不可用" in answer.json()["title"]
    assert "server" not in answer.headers


async def test_a_flood_of_bytes_is_refused(stack: Stack) -> None:
    async with Service().listening(stack.layout.ports["publisher"]):
        reader, writer = await asyncio.open_connection("127.0.0.1", stack.layout.ports["edge"])
        writer.write(b"POST /publisher/materials HTTP/1.1\r\nHost: edge\r\nContent-Length: 20000000\r\n\r\n")
        answer = asyncio.create_task(reader.readuntil(b"}"))
        with contextlib.suppress(ConnectionError):
            while not answer.done():
                writer.write(bytes(100_000))
                await writer.drain()
        head, _, body = (await answer).partition(b"\r\n\r\n")
        writer.close()
    assert head.startswith(b"HTTP/1.1 413 ")
    assert json.loads(body)["code"] == "edge.body_too_large"


async def test_the_start_page_names_this_stack(stack: Stack, browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    assert page.status_code == 200
    assert f'href="{stack.layout.url("wechat")}/"' in page.text
    assert f'href="{stack.layout.url("tracing")}/"' in page.text
    assert "{{" not in page.text
    missing = await browser.get("/no-such-page")
    assert (missing.status_code, missing.text) == (404, "没有这个页面")
