"""What the sandbox's tests drive it with: a process of it, and a client for an account."""

import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx
from PIL import Image

ROOT = Path(__file__).resolve().parents[3]
T = TypeVar("T")


def free_port() -> int:
    """A port below the range that the kernel hands out by itself."""
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def eventually(look: Callable[[], T], *, seconds: float = 10.0) -> T:
    """What `look` finds as soon as it finds anything; an assertion when it found nothing in time."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < end, "it did not happen in time"
        pause.wait(0.02)


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), colour: str = "teal") -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, kind)
    return drawn.getvalue()


@contextmanager
def running_sandbox(*options: str, port: int | None = None) -> Iterator[str]:
    """The address of a sandbox process. It is killed at the end, without being asked nicely."""
    with sandbox_process(*options, port=port) as (_, address):
        yield address


@contextmanager
def sandbox_process(*options: str, port: int | None = None) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = port or free_port()
    command = [sys.executable, "-m", "sandbox.wechat", "--port", str(port), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"

    def alive() -> bool:
        assert process.poll() is None, "the sandbox ended by itself"
        try:
            return httpx.get(f"{address}/livez").status_code == 200
        except httpx.TransportError:
            return False

    try:
        eventually(alive, seconds=60)
        yield process, address
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


class Reachable(Protocol):
    @property
    def url(self) -> str: ...


@dataclass
class Official:
    """An account, as its owner's program and its followers' phones reach it."""

    http: httpx.Client
    fields: dict[str, Any]
    token: str = ""

    @property
    def appid(self) -> str:
        return str(self.fields["appid"])

    @property
    def secret(self) -> str:
        return str(self.fields["secret"])

    def fresh_token(self) -> str:
        body = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        self.token = str(self.http.post("/cgi-bin/stable_token", json=body).json()["access_token"])
        return self.token

    def _query(self, query: dict[str, Any]) -> dict[str, Any]:
        return {"access_token": self.token or self.fresh_token(), **query}

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.http.get(path, params=self._query(query)).json()
        return answer

    def post(self, path: str, body: Any = None, **query: Any) -> dict[str, Any]:
        content = json.dumps(body if body is not None else {}, ensure_ascii=False).encode()
        answer: dict[str, Any] = self.http.post(path, params=self._query(query), content=content).json()
        return answer

    def upload(self, path: str, name: str, body: bytes, **query: Any) -> dict[str, Any]:
        files = {"media": (name, body)}
        answer: dict[str, Any] = self.http.post(path, params=self._query(query), files=files).json()
        return answer

    def control(self, method: str, rest: str, body: Any = None, **query: Any) -> Any:
        """A call of the control API below this account; an assertion unless it succeeds."""
        answer = self.http.request(method, f"/_control/accounts/{self.appid}{rest}", json=body, params=query)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def change(self, **fields: Any) -> None:
        self.fields = self.control("PATCH", "", fields)

    def connect(self, receiver: Reachable, mode: str = "plain") -> None:
        """Enable the callback of a server."""
        done = self.control("PUT", "/callback", {"url": receiver.url, "mode": mode})
        assert done["enabled"], done
        self.fields = self.control("GET", "")

    def follower(self, nickname: str = "粉丝甲", *, follow: bool = True) -> str:
        made = self.control("POST", "/followers", {"nickname": nickname, "follow": follow}, wait=True)
        return str(made["openid"])

    def act(self, openid: str, act: str, **fields: Any) -> dict[str, Any]:
        """Let a follower do something and wait until the push for it is over."""
        done: dict[str, Any] = self.control("POST", f"/followers/{openid}/acts", {"act": act, **fields}, wait=True)
        return done

    def chat(self, openid: str) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = self.control("GET", f"/followers/{openid}/conversation")
        return lines

    def ledger(self, kind: str = "") -> list[dict[str, Any]]:
        query = {"appid": self.appid, "kind": kind}
        entries: list[dict[str, Any]] = self.http.get("/_control/ledger", params=query).json()
        return entries

    def cover(self) -> str:
        made = self.upload("/cgi-bin/material/add_material", "cover.png", picture(), type="image")
        return str(made["media_id"])

    def draft(self, *titles: str, **fields: Any) -> str:
        """A draft with one article for each title."""
        cover = self.cover()
        articles = [
            {"title": title, "content": f"<p>{title}的正文</p>", "thumb_media_id": cover, **fields}
            for title in titles or ("集团新闻",)
        ]
        return str(self.post("/cgi-bin/draft/add", {"articles": articles})["media_id"])

    def sendall(self, media_id: str, **fields: Any) -> dict[str, Any]:
        body = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": media_id}, **fields}
        return self.post("/cgi-bin/message/mass/sendall", body)

    def mass_state(self, msg_id: int) -> str:
        return str(self.post("/cgi-bin/message/mass/get", {"msg_id": msg_id})["msg_status"])


@dataclass
class Sandbox:
    """The shared sandbox: its clock, settings and faults."""

    http: httpx.Client

    def account(self, **fields: Any) -> Official:
        made = self.http.post("/_control/accounts", json={"name": "测试公众号", "mode": "plain", **fields})
        assert made.status_code == 201, made.text
        return Official(self.http, made.json())

    def now(self) -> float:
        return float(self.http.get("/_control/clock").json()["now"])

    def advance(self, seconds: float) -> None:
        self.http.post("/_control/clock/advance", json={"seconds": seconds}).raise_for_status()

    def to_next_day(self) -> None:
        """On to ten o'clock of the next day in Beijing: nothing then happens over midnight by accident."""
        since_midnight = (self.now() + 8 * 3600) % 86_400
        self.advance(86_400 - since_midnight + 10 * 3600)

    def to_next_month(self) -> None:
        month = self.http.get("/_control/clock").json()["beijing"][:7]
        while self.http.get("/_control/clock").json()["beijing"][:7] == month:
            self.to_next_day()

    def settings(self, **changed: Any) -> None:
        self.http.patch("/_control/settings", json=changed).raise_for_status()

    def fault(self, kind: str, **fields: Any) -> str:
        made = self.http.post("/_control/faults", json={"kind": kind, **fields})
        assert made.status_code == 201, made.text
        return str(made.json()["fault_id"])
