"""A callback server that a test owns: it notes what comes and answers what the test wants."""

import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.integration.sandbox.support import free_port

Answer = tuple[int, bytes]


@dataclass
class Received:
    """A request that the callback server got."""

    method: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


def fields(push: Received) -> dict[str, str]:
    """The nodes of a plain push."""
    return {node.tag: node.text or "" for node in ElementTree.fromstring(push.body)}


@dataclass
class Receiver:
    """A callback server. `answer` decides what it answers to a push; the handshake is echoed unless `echo` is set."""

    server: ThreadingHTTPServer
    path: str = "/wechat/callback"
    answer: Callable[[Received], Answer] = lambda _: (200, b"success")
    echo: Callable[[str], Answer] = lambda echostr: (200, echostr.encode())
    received: list[Received] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{self.path}"

    def note(self, request: Received) -> None:
        with self.arrived:
            self.received.append(request)
            self.arrived.notify_all()

    def pushes(self) -> list[Received]:
        return [request for request in self.received if request.method == "POST"]

    def wait_for(self, wanted: Callable[[list[Received]], bool], seconds: float = 10.0) -> list[Received]:
        """The pushes so far, as soon as they are what was wanted."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: wanted(self.pushes()), seconds), "the pushes did not come"
        return self.pushes()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def log_message(self, *_: Any) -> None:
        return

    def _read(self) -> Received:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Received(self.command, query, headers, body)

    def _write(self, answer: Answer) -> None:
        status, body = answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        request = self._read()
        self.receiver.note(request)
        self._write(self.receiver.echo(request.query.get("echostr", "")))

    def do_POST(self) -> None:
        request = self._read()
        self.receiver.note(request)
        try:
            self._write(self.receiver.answer(request))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", free_port()), handler) as server:
        server.daemon_threads = True
        receiver = Receiver(server)
        handler.receiver = receiver  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
