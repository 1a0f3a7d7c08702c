"""How these tests speak to registry: only through its gateway, as signed-in people."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx
from nacl.public import PrivateKey, SealedBox

from contracts.registry import WeChatCredentials
from kit.clock import Clock
from services.registry.app import SERVICE
from tests.support.services import Gateway, House

FOUNDER_PASSWORD = "p-first-administrator-0"
GROUP, MEDICAL, CARE, COMMUNICATIONS = "/lanli", "/lanli/medical", "/lanli/care", "/lanli/communications"
CHEAP = {"password_memory_kib": 19_456, "password_passes": 1}

STATEMENTS = {
    "necessity": "读者每天重复问同样的问题，需要一个可以查到答案的地方。",
    "feasibility": "已有两名编辑和一百多条整理好的问答。",
    "kind_reason": "选择订阅号，因为每周要发三次。",
    "functional_positioning": "查询手册与服务入口。",
    "content_positioning": "合理用药与门店服务，不做促销。",
    "frequency": "每周二、四、六各一次。",
    "layout": "结论在前，要点列表在后。",
    "organisation": "单位负责人总负责，下设运营岗与发布岗。",
    "operators": "运营一名，发布一名，管理员一名。",
    "review_flow": "初审之后由负责人终审。",
    "technical_support": "集团信息中心。",
}


def proposal(**changes: Any) -> dict[str, Any]:
    """What a unit sends."""
    return {
        "account_name": "澜栎医药",
        "kind": "subscription",
        "intro": "澜栎医药官方账号。",
        "statements": dict(STATEMENTS),
    } | changes


def credentials() -> dict[str, str]:
    """Fresh credentials in WeChat's forms."""
    return {
        "app_id": "wx" + secrets.token_hex(8),
        "app_secret": secrets.token_hex(16),
        "token": secrets.token_hex(12),
        "encoding_aes_key": (secrets.token_hex(22))[:43],
    }


def original_id() -> str:
    return "gh_" + secrets.token_hex(6)


@dataclass
class Caller:
    """Somebody who is signed in."""

    office: Office
    token: str
    person_id: str

    async def get(self, path: str, **query: Any) -> httpx.Response:
        headers = await self.office.house.headers(self.token)
        return await self.office.gateway.http.get(f"/registry{path}", params=query, headers=headers)

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        headers = await self.office.house.headers(self.token, key=key)
        return await self.office.gateway.http.post(f"/registry{path}", json=body, headers=headers)

    async def put(self, path: str, body: Any, *, key: str | None = None) -> httpx.Response:
        headers = await self.office.house.headers(self.token, key=key)
        return await self.office.gateway.http.put(f"/registry{path}", json=body, headers=headers)

    async def delete(self, path: str, query: dict[str, str] | None = None, *, key: str | None = None) -> httpx.Response:
        headers = await self.office.house.headers(self.token, key=key)
        return await self.office.gateway.http.delete(f"/registry{path}", params=query, headers=headers)


@dataclass
class Office:
    """A running registry and the people in it, by login."""

    house: House
    gateway: Gateway
    callers: dict[str, Caller] = field(default_factory=dict)

    def __getitem__(self, login: str) -> Caller:
        return self.callers[login]

    async def sign_in(self, login: str, password: str) -> httpx.Response:
        return await self.gateway.http.post("/registry/session", json={"login": login, "password": password})

    async def enter(self, login: str, password: str) -> Caller:
        """Sign in, which must succeed."""
        answer = await self.sign_in(login, password)
        assert answer.status_code == 201, answer.text
        said = answer.json()
        self.gateway.http.cookies.clear()
        self.callers[login] = Caller(self, said["token"], said["person"]["person_id"])
        return self.callers[login]

    async def hire(self, login: str, unit_path: str, *roles: tuple[str, str], name: str = "") -> Caller:
        """Register somebody as the founder, with roles, and sign them in."""
        founder = self["founder"]
        body = {"login": login, "display_name": name or login, "unit_path": unit_path, "password": password_of(login)}
        made = ok(await founder.post("/people", body))
        for role, path in roles:
            ok(await founder.post(f"/people/{made['person_id']}/roles", {"role": role, "path": path}))
        return await self.enter(login, password_of(login))

    async def publisher_key(self) -> PrivateKey:
        """Make a key of publisher's known, as publisher does at its start."""
        key = PrivateKey.generate()
        x = base64.urlsafe_b64encode(bytes(key.public_key)).decode().rstrip("=")
        jwk = {"kty": "OKP", "crv": "X25519", "x": x, "kid": f"seal{secrets.token_hex(6)}"}
        await self.house.keyring.publish("publisher.seal", jwk)
        keyring = self.gateway.app.state.tokens.keyring
        while (await keyring.newest("publisher.seal") or {}).get("kid") != jwk["kid"]:
            await keyring.find("publisher.seal", jwk["kid"])
        return key

    async def approved(self, **changes: Any) -> str:
        """An approved application of the medical unit."""
        body = proposal(**changes) | {"unit_path": MEDICAL}
        application_id: str = ok(await self["medical-operator"].post("/opening-applications", body))["application_id"]
        ok(await self["officer"].post(f"/opening-applications/{application_id}/approve"))
        return application_id

    async def account(self, **changes: Any) -> str:
        """A registered account of the medical unit."""
        application_id = await self.approved(**changes)
        body = {"original_id": original_id(), "verified": True}
        made = ok(await self["medical-operator"].post(f"/opening-applications/{application_id}/register", body))
        account_id: str = made["account_id"]
        return account_id

    async def entrusted(self, account_id: str) -> dict[str, str]:
        """Credentials that were handed over for the account."""
        secret = credentials()
        ok(await self["medical-custodian"].post(f"/official-accounts/{account_id}/credentials", secret))
        return secret


def password_of(login: str) -> str:
    return f"first-word-0f-{login[::-1]}"


def ok(answer: httpx.Response) -> dict[str, Any]:
    """The body of an answer that must be a success."""
    assert answer.status_code in (200, 201), answer.text
    said: dict[str, Any] = answer.json()
    return said


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem of an answer that must be that refusal, with a text in Chinese."""
    said: dict[str, Any] = answer.json()
    assert (answer.status_code, said["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["detail"])
    return said


def unsealed(key: PrivateKey, sealed: str) -> WeChatCredentials:
    """What publisher would read."""
    return WeChatCredentials.model_validate_json(SealedBox(key).decrypt(base64.b64decode(sealed)))


async def open_office(
    house: House, *, roles: tuple[str, ...] = ("http", "worker"), clock: Clock | None = None, **settings: Any
) -> Office:
    """Start a registry with its first administrator signed in."""
    password_file = house.folder / "administrator.password"
    password_file.write_text(FOUNDER_PASSWORD + "\n")
    wanted = CHEAP | {"bootstrap_password_file": password_file} | settings
    gateway = await house.start(SERVICE, roles=roles, clock=clock, **wanted)
    office = Office(house, gateway)
    await office.enter("founder", FOUNDER_PASSWORD)
    return office


async def furnish(office: Office) -> None:
    """A group with a communications office and two business units, and people in every role."""
    founder = office["founder"]
    units = [
        (GROUP, "澜栎集团", "group", ""),
        (COMMUNICATIONS, "企宣部", "department", ""),
        (MEDICAL, "医药", "business_unit", "澜栎医药官方账号。"),
        (CARE, "医养", "business_unit", "澜栎医养官方账号。"),
    ]
    for path, name, kind, intro in units:
        body = {"path": path, "name": name, "kind": kind, "standard_name": name, "standard_intro": intro}
        ok(await founder.post("/units", body))
    await office.hire("officer", COMMUNICATIONS, ("communications", GROUP), name="集团企宣专员")
    await office.hire("medical-operator", MEDICAL, ("operator", MEDICAL), name="医药运营")
    await office.hire("medical-head", MEDICAL, ("head", MEDICAL), name="医药负责人")
    await office.hire("medical-custodian", MEDICAL, ("custodian", MEDICAL), name="医药管理员")
    await office.hire("care-operator", CARE, ("operator", CARE), ("custodian", CARE), name="医养运营")
    await office.hire("auditor", GROUP, ("auditor", GROUP), name="集团审计员")
