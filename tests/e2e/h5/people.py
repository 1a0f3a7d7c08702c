"""Followers and the operator as programs: they set the scene that a browser then looks at."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from PIL import Image, ImageDraw

from kit.ids import new_id
from tests.e2e.h5.stage import Staged

T = TypeVar("T")
Json = dict[str, Any]


def until(look: Callable[[], T], what: str, *, seconds: float = 20.0) -> T:
    """Ask until the answer is true; fail with `what` when time is over."""
    ends = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < ends, f"not seen within {seconds} s: {what}; last: {found!r}"
        time.sleep(0.05)


def landscape(seed: int, size: tuple[int, int] = (1200, 900)) -> bytes:
    """A picture worth looking at: sky, sun and hills in colours of their own."""
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    wide, high = size
    top = ((90 + seed * 37) % 160 + 60, (140 + seed * 53) % 110 + 110, 200 + (seed * 29) % 50)
    for line in range(high):
        share = line / high
        draw.line([(0, line), (wide, line)], tuple(int(part + (255 - part) * share * 0.7) for part in top))
    draw.ellipse((wide * 0.62, high * 0.12, wide * 0.62 + high * 0.22, high * 0.34), fill=(255, 236, 190))
    for layer, shade in enumerate((150, 105, 65)):
        base = high * (0.55 + layer * 0.15)
        points: list[tuple[float, float]] = [(0, high), (0, base)]
        for step in range(9):
            lift = ((seed * 7 + step * 31 + layer * 17) % 23) / 23
            points.append((wide * step / 8, base - lift * high * 0.18))
        draw.polygon([*points, (wide, high)], fill=(shade // 2, shade + (seed * 13) % 40, shade // 2 + 20))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return kept.getvalue()


@dataclass
class Follower:
    """Somebody signed in, as their browser would be."""

    staged: Staged
    person_id: str
    nickname: str
    http: httpx.Client
    member_id: str = ""

    def path(self, path: str) -> str:
        return f"/community/{self.staged.account_id}{path}"

    def get(self, path: str, **params: Any) -> Json:
        found: Json = self.http.get(self.path(path), params=params).raise_for_status().json()
        return found

    def send(self, method: str, path: str, body: Any = None) -> Json:
        answer = self.http.request(method, self.path(path), json=body, headers={"Idempotency-Key": new_id()})
        assert answer.is_success, (answer.status_code, answer.text)
        found: Json = answer.json() if answer.content else {}
        return found

    def picture(self, content: bytes) -> str:
        answer = self.http.post(
            self.path("/pictures"), files={"file": ("p.jpg", content)}, headers={"Idempotency-Key": new_id()}
        )
        return str(answer.raise_for_status().json()["picture_id"])

    def post(self, text: str, **more: Any) -> Json:
        return self.send("POST", "/posts", {"text": text, **more})

    def reply(self, post_id: str, text: str, **more: Any) -> Json:
        return self.send("POST", f"/posts/{post_id}/replies", {"text": text, **more})

    def like(self, post_id: str) -> None:
        self.send("PUT", f"/posts/{post_id}/like")


@dataclass
class Village:
    """The community with its people."""

    staged: Staged
    people: dict[str, Follower] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)
    """Ids of the posts of the scene, by what is special about them."""

    @property
    def page(self) -> str:
        return f"{self.staged.edge}/h5/{self.staged.account_id}"

    @property
    def desk(self) -> str:
        """Where operators talk with followers."""
        return f"{self.staged.edge}/community/{self.staged.account_id}/desk"

    def person(self, nickname: str) -> str:
        """Somebody on the platform who follows the account; their id there."""
        return str(self.platform("POST", "/followers", {"nickname": nickname})["person_id"])

    def platform(self, method: str, path: str, body: Any = None) -> Any:
        """What the account's people and followers do at WeChat."""
        address = f"{self.staged.wechat}/_control/accounts/{self.staged.app_id}{path}"
        return httpx.request(method, address, json=body, trust_env=False).raise_for_status().json()

    def writes(self, follower: Follower, text: str) -> None:
        """In the account's own chat, where operators see it."""
        self.platform("POST", f"/followers/{follower.person_id}/acts", {"act": "text", "text": text})

    def received(self, follower: Follower) -> list[str]:
        """What the account wrote to the follower there."""
        lines = self.platform("GET", f"/followers/{follower.person_id}/conversation")
        return [line["text"] for line in lines if line["sender"] == "account"]

    def follower(self, nickname: str) -> Follower:
        """Signed in with name and picture, through the platform's own page."""
        if nickname in self.people:
            return self.people[nickname]
        person_id = self.person(nickname)
        client = httpx.Client(base_url=self.staged.edge, trust_env=False, timeout=30)
        start = client.get(f"/community/{self.staged.account_id}/oauth/start", params={"scope": "snsapi_userinfo"})
        leave = urlsplit(start.headers["location"])
        asked = f"{leave.scheme}://{leave.netloc}{leave.path}?{leave.query}&_as={person_id}"
        back = httpx.get(asked, trust_env=False).headers["location"]
        landed = client.get(back)
        assert landed.status_code == 302, landed.text
        found = Follower(self.staged, person_id, nickname, client)
        found.member_id = found.get("/me")["member_id"]
        self.people[nickname] = found
        return found

    def operator(self, method: str, path: str, body: Any) -> None:
        answer = httpx.request(
            method,
            f"{self.staged.edge}/community/{self.staged.account_id}{path}",
            json=body,
            headers={"Idempotency-Key": new_id(), "Authorization": f"Bearer {self.staged.operator}"},
            trust_env=False,
        )
        assert answer.is_success, answer.text

    def rule(self, **rules: Any) -> None:
        """Change some of the community's rules."""
        address = f"{self.staged.edge}/community/{self.staged.account_id}/moderation/rules"
        headers = {"Authorization": f"Bearer {self.staged.operator}"}
        now = httpx.get(address, headers=headers, trust_env=False).raise_for_status().json()
        self.operator("PUT", "/moderation/rules", now | rules)
        until(lambda: _holds(httpx.get(address, headers=headers, trust_env=False).json(), rules), "the rules hold")


def _holds(now: Json, wanted: Json) -> bool:
    return all(now[name] == value for name, value in wanted.items())
