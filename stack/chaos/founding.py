"""An official account in service on an empty stack, by the gateways, as its people would do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from stack.chaos.calling import Caller, Refused, Retries, browser
from stack.layout import Layout
from stack.readiness import NotReady, until

FOUNDER = "founder"
GROUP = "/hengyuan"
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Founded:
    """A stack with one account in service, and whoever speaks to it."""

    layout: Layout
    http: httpx.AsyncClient
    """To the edge."""
    sandbox: httpx.AsyncClient
    """To the WeChat sandbox's control page."""
    retries: Retries
    founder: Caller
    account_id: str
    app_id: str

    async def close(self) -> None:
        await self.http.aclose()
        await self.sandbox.aclose()


async def found(layout: Layout) -> Founded:
    """A group with an account of its own, taken into service."""
    retries = Retries()
    http, sandbox = browser(layout.url("edge")), browser(layout.url("wechat"))
    founder = await sign_in(http, retries, FOUNDER, layout.vault.password("administrator"))
    group = {"path": GROUP, "name": "恒远集团", "kind": "group", "standard_name": "恒远集团"}
    await founder.post("/registry/units", group)
    account = await opened(sandbox, layout, "恒远官微")
    account_id = await ledgered(founder, account, GROUP)
    custodian = await hired(founder, "custodian", ("custodian", GROUP), layout=layout)
    await entrusted(custodian, account_id, account)
    await handshaken(sandbox, layout, account_id, account)
    return Founded(layout, http, sandbox, retries, founder, account_id, str(account["appid"]))


async def sign_in(http: httpx.AsyncClient, retries: Retries, login: str, password: str) -> Caller:
    """Somebody of the group."""
    opened = await Caller(http, "", retries).post("/registry/session", {"login": login, "password": password})
    http.cookies.clear()
    return Caller(http, opened["token"], retries)


async def hired(founder: Caller, login: str, *roles: tuple[str, str], layout: Layout) -> Caller:
    """Somebody new with roles (role, path), signed in."""
    password = layout.vault.password(f"chaos-{login}")
    newcomer = {"login": login, "display_name": login, "unit_path": roles[0][1], "password": password}
    person_id = (await founder.post("/registry/people", newcomer))["person_id"]
    for role, path in roles:
        await founder.post(f"/registry/people/{person_id}/roles", {"role": role, "path": path})
    return await sign_in(founder.http, founder.retries, login, password)


async def opened(sandbox: httpx.AsyncClient, layout: Layout, name: str, **more: Any) -> Mapping[str, Any]:
    """An account on the platform, whose pages may lead to our edge."""
    domain = urlsplit(layout.url("edge")).netloc
    wanted = {"name": name, "oauth_domains": [domain], "js_domains": [domain], **more}
    return dict(await Caller(sandbox).post("/_control/accounts", wanted))


async def ledgered(founder: Caller, account: Mapping[str, Any], unit_path: str) -> str:
    """The account's id in registry's ledger."""
    reported = {
        "unit_path": unit_path,
        "name": account["name"],
        "kind": account["kind"],
        "verified": account["verified"],
        "intro": "恒远集团官方账号。",
        "original_id": account["original_id"],
        "is_group_account": True,
        "reason": "此前已经开通，现按规定报备。",
    }
    return str((await founder.post("/registry/official-accounts", reported))["account_id"])


async def entrusted(custodian: Caller, account_id: str, account: Mapping[str, Any]) -> None:
    """Its credentials, sealed to publisher."""
    credentials = {
        "app_id": account["appid"],
        "app_secret": account["secret"],
        "token": account["token"],
        "encoding_aes_key": account["encoding_aes_key"],
    }

    async def hand_over() -> None:
        try:
            await custodian.post(f"/registry/official-accounts/{account_id}/credentials", credentials)
        except Refused as refused:
            raise NotReady(str(refused)) from refused

    # Publisher's key may not have come round yet.
    await until(hand_over, _PATIENCE_SECONDS)


async def handshaken(sandbox: httpx.AsyncClient, layout: Layout, account_id: str, account: Mapping[str, Any]) -> None:
    """What the custodian does on the platform's console, until publisher understands the handshake."""
    address = f"/_control/accounts/{account['appid']}/callback"
    callback = {"url": f"{layout.url('edge')}/publisher/wechat/{account_id}/callback"}

    async def save() -> None:
        saved = await Caller(sandbox).put(address, callback)
        if not saved.get("enabled"):
            raise NotReady(f"the handshake was not answered: {saved.get('answer')!r}")

    await until(save, _PATIENCE_SECONDS)
