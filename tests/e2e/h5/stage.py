"""A stack for browsers: edge, micro_community, publisher, registry and the WeChat sandbox, with one open community.

python -m tests.e2e.h5.stage FOLDER     # prints one line of JSON, and ends when its standard input ends
"""

from __future__ import annotations

import asyncio
import io
import json
import secrets
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from kit.ids import new_id
from stack.console import Console
from stack.demo.gateway import Edge, Json, Person
from stack.demo.platform import Platform
from stack.options import Options
from stack.seeded import FOUNDER, FOUNDER_SECRET, secret_name
from stack.system import Stack
from stack.vault import Vault
from tests.support.services import eventually

PARTS = ("edge", "micro_community", "publisher", "registry", "wechat")
GROUP, UNIT = "/hengyuan", "/hengyuan/medical"
NAME = "澜栎医养"
OPERATORS = {"desk-one": "运营人员甲", "desk-two": "运营人员乙"}
"""Who talks with the account's followers: names by login."""


@dataclass(frozen=True)
class Staged:
    """What a browser test has to know."""

    edge: str
    wechat: str
    account_id: str
    app_id: str
    operator: str
    """Token of one of the account's operators."""
    passwords: dict[str, str]
    """Of the operators, by login."""


async def main(folder: Path) -> None:
    async with Stack.start(Options(folder=folder, only=PARTS), Console(io.StringIO())) as stack:
        staged = await _open_account(stack)
        sys.stdout.write(json.dumps(asdict(staged)) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


async def _open_account(stack: Stack) -> Staged:
    address, vault = stack.addresses["edge"], stack.layout.vault
    async with (
        httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as http,
        httpx.AsyncClient(base_url=stack.addresses["wechat"], trust_env=False, timeout=30) as sandbox,
    ):
        edge, platform = Edge(http, new_id()), Platform(sandbox)
        operator = await _hire(edge, vault)
        host = address.removeprefix("http://")
        wanted = {"name": NAME, "oauth_domains": [host], "js_domains": [host]}
        account = await platform.open_account(f"wx{secrets.token_hex(8)}", wanted)
        account_id = await _report(operator, account)
        await _until_open(http, account_id, address)
        # From now on the platform tells publisher what followers do.
        publisher = await operator.get(f"/publisher/accounts/{account_id}")
        attempt = await platform.point_callback(account["appid"], publisher["callback_url"])
        assert attempt["enabled"], attempt
    passwords = {login: vault.password(secret_name(login)) for login in OPERATORS}
    return Staged(address, stack.addresses["wechat"], account_id, account["appid"], operator.token, passwords)


async def _hire(edge: Edge, vault: Vault) -> Person:
    """Units and operators, by registry's own gateway; the first of the operators has the account's secrets as well."""
    founder = await edge.sign_in(FOUNDER, vault.password(FOUNDER_SECRET))
    for path, kind, name in ((GROUP, "group", "澜栎集团"), (UNIT, "business_unit", NAME)):
        await founder.post("/registry/units", {"path": path, "kind": kind, "name": name, "standard_name": name})
    await asyncio.gather(*(_register(founder, login, vault.password(secret_name(login))) for login in OPERATORS))
    first = next(iter(OPERATORS))
    return await edge.sign_in(first, vault.password(secret_name(first)))


async def _register(founder: Person, login: str, password: str) -> None:
    person = {"login": login, "display_name": OPERATORS[login], "unit_path": UNIT, "password": password}
    person_id = (await founder.post("/registry/people", person))["person_id"]
    roles = ("operator", "custodian") if login == next(iter(OPERATORS)) else ("operator",)
    for role in roles:
        await founder.post(f"/registry/people/{person_id}/roles", {"role": role, "path": UNIT})


async def _report(operator: Person, account: Json) -> str:
    """The account stands in the ledger, and publisher has its credentials."""
    reported = {
        "unit_path": UNIT,
        "name": NAME,
        "kind": "service",
        "verified": True,
        "intro": "看病、养病、少生病",
        "original_id": account["original_id"],
        "reason": "登记已有的公众号。",
    }
    account_id: str = (await operator.post("/registry/official-accounts", reported))["account_id"]
    entrusted = {
        "app_id": account["appid"],
        "app_secret": account["secret"],
        "token": account["token"],
        "encoding_aes_key": account["encoding_aes_key"],
    }
    await operator.post(f"/registry/official-accounts/{account_id}/credentials", entrusted)
    return account_id


async def _until_open(http: httpx.AsyncClient, account_id: str, address: str) -> None:
    """Publisher has to know the account as well: it signs for pages, and it exchanges codes."""
    path = f"/community/{account_id}/page-signature"

    async def open_now() -> bool:
        return (await http.get(path, params={"url": f"{address}/h5/{account_id}/"})).status_code == 200

    await eventually(open_now, "publisher and the community know the account", seconds=120)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
