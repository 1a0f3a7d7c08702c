"""A running micro_community with two accounts' communities, and a publisher that knows its followers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import nats
import pytest

from contracts.asks import (
    CheckFollowing,
    ExchangeOAuthCode,
    Following,
    OAuthIdentity,
    PageUrlSignature,
    SignPageUrl,
)
from contracts.registry import CredentialsEntrusted, OfficialAccountRegistered
from kit.asks import Answering, serve
from kit.ids import new_id
from kit.refusal import Refusal
from services.micro_community.app import SERVICE
from stack.servers.permissions import inbox_prefix
from tests.support.services import Gateway, House, eventually

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


class Unreachable(Refusal):
    code = "publisher.wechat_unreachable"
    status = 503


class CodeSpent(Refusal):
    code = "publisher.oauth_code_spent"
    status = 409
    text = "code been used"


@dataclass
class WeChat:
    """Answers publisher's questions as publisher does: each code once, and whoever is named as follower is one."""

    identities: dict[str, OAuthIdentity] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    followers: set[str] = field(default_factory=set)
    looked_up: list[str] = field(default_factory=list)
    reachable: bool = True

    def code(self, openid: str, **more: Any) -> str:
        code = new_id()
        values = {"unionid": None, "scope": "snsapi_base", "is_snapshot_user": False, "nickname": None}
        self.identities[code] = OAuthIdentity(openid=openid, **(values | {"avatar_url": None} | more))
        return code

    async def exchange(self, question: ExchangeOAuthCode) -> OAuthIdentity:
        self.asked.append(question.code)
        if question.code not in self.identities:
            raise CodeSpent
        return self.identities.pop(question.code)

    async def check(self, question: CheckFollowing) -> Following:
        self.looked_up.append(question.openid)
        if not self.reachable:
            raise Unreachable
        return Following(follows=question.openid in self.followers)


async def sign(question: SignPageUrl) -> PageUrlSignature:
    return PageUrlSignature(app_id=f"wx{question.account_id}", nonce="n", timestamp=1, signature=question.url)


@dataclass
class Follower:
    """Somebody signed in, as their browser: cookies and all."""

    account_id: str
    member_id: str
    token: str
    http: httpx.AsyncClient

    def path(self, path: str) -> str:
        return f"/community/{self.account_id}{path}"

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.http.get(self.path(path), params=params, headers=self.headers(None))

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        return await self.http.post(self.path(path), json=body, headers=self.headers(key or new_id()))

    async def send(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        return await self.http.request(method, self.path(path), json=body, headers=self.headers(key or new_id()))

    def headers(self, key: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})


class Staff(Follower):
    """A person of the group, with a person's token."""


@dataclass
class Town:
    house: House
    gateway: Gateway
    wechat: WeChat
    first: str
    second: str

    @property
    def http(self) -> httpx.AsyncClient:
        return self.gateway.http

    async def follower(self, openid: str, account_id: str | None = None, **identity: Any) -> Follower:
        """Sign in as the browser does."""
        account_id = account_id or self.first
        async with httpx.AsyncClient(base_url=self.gateway.url, timeout=20, trust_env=False, verify=False) as browser:
            start = await browser.get(f"/community/{account_id}/oauth/start")
            assert start.status_code == 302, start.text
            state = parse_qs(urlsplit(start.headers["location"]).query)["state"][0]
            code = self.wechat.code(openid, **identity)
            params = {"code": code, "state": state}
            back = await browser.get(f"/community/{account_id}/oauth/callback", params=params)
            assert back.status_code == 302, back.text
            token = browser.cookies["guanwei_member"]
        follower = Follower(account_id, "", token, self.http)
        follower.member_id = (await follower.get("/me")).json()["member_id"]
        return follower

    async def staff(self, *grants: tuple[str, str], name: str = "运营人员") -> Staff:
        """Somebody of the group; an operator of the first account's unit unless told otherwise."""
        granted = grants or (("operator", f"/hengyuan/{self.first}"),)
        return Staff(self.first, "", await self.house.token("p-1", *granted, name=name), self.http)

    async def rule(self, **rules: Any) -> None:
        """Set the rules of the first community; here they hold at once."""
        operator = await self.staff()
        answer = await operator.send("PUT", "/moderation/rules", rules)
        assert answer.status_code == 200, answer.text
        assert (await operator.get("/moderation/rules")).json() == answer.json()

    async def settled(self) -> None:
        """Wait until every stored event was harvested."""

        async def look() -> bool:
            database = self.gateway.database
            names = [name for name in await database.list_collection_names() if name != "outbox"]
            waiting = [await database[name].count_documents({"unsent_at": {"$exists": True}}) for name in names]
            return sum(waiting) == 0

        await eventually(look, "all events harvested")


def registered(account_id: str, name: str) -> OfficialAccountRegistered:
    return OfficialAccountRegistered(
        account_id=account_id,
        unit_id=new_id(),
        unit_path=f"/hengyuan/{account_id}",
        name=name,
        kind="service",
        verified=True,
        is_group_account=False,
        intro="介绍",
        original_id=f"gh_{account_id[:12]}",
        filing_number="GW-2026-0001",
        registered_at=AT,
    )


async def open_account(house: House, account_id: str, name: str) -> None:
    await house.publish(registered(account_id, name))
    await house.publish(
        CredentialsEntrusted(
            account_id=account_id, app_id=f"wx{account_id[:16]}", key_id="k", sealed="c2VhbGVk", entrusted_by="p1"
        )
    )


@pytest.fixture
async def town(house: House) -> AsyncIterator[Town]:
    wechat = WeChat()
    password = house.nats_server.password("publisher")
    connection = await nats.connect(
        house.nats_server.url, user="publisher", password=password, inbox_prefix=inbox_prefix("publisher").encode()
    )
    answerings = (
        Answering(ExchangeOAuthCode, wechat.exchange),
        Answering(SignPageUrl, sign),
        Answering(CheckFollowing, wechat.check),
    )
    await serve(connection, "publisher", answerings)
    gateway = await house.start(
        SERVICE,
        heartbeat_seconds=0.3,
        live_poll_seconds=0.2,
        schedule_seconds=0.2,
        picture_folder=house.folder / "pictures",
    )
    found = Town(house, gateway, wechat, new_id(), new_id())
    for account_id, name in ((found.first, "恒远医疗"), (found.second, "恒远能源")):
        await open_account(house, account_id, name)

    async def ready() -> bool:
        query = {"app_id": {"$ne": None}}
        return await gateway.database["communities"].count_documents(query) == 2

    await eventually(ready, "both communities open")
    yield found
    await connection.close()
