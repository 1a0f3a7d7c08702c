"""WeChat's side of the main job: its console and its followers' phones, by the sandbox's control API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from stack.demo.gateway import DoesNotHold, Json, Unexpected
from stack.example import articles
from stack.example.matrix.models import MenuColumn, MenuItem


@dataclass(frozen=True)
class Platform:
    """The sandbox."""

    http: httpx.AsyncClient

    async def open_account(self, app_id: str, fields: Mapping[str, Any]) -> Json:
        """The account as its console shows it, secret and all; the one of before if it is there."""
        answer = await self.http.post("/_control/accounts", json={"appid": app_id, **fields})
        if answer.status_code == 409:
            return await self._ask("PATCH", f"/_control/accounts/{app_id}", json={"name": fields["name"]})
        return _body(answer)

    async def change_account(self, app_id: str, **fields: Any) -> Json:
        return await self._ask("PATCH", f"/_control/accounts/{app_id}", json=fields)

    async def set_menu(self, account: Json, columns: Sequence[MenuColumn]) -> None:
        """As the account's people did on the console before we came."""
        login = {"grant_type": "client_credential", "appid": account["appid"], "secret": account["secret"]}
        token = (await self._ask("GET", "/cgi-bin/token", params=login))["access_token"]
        buttons = [{"name": column.name, "sub_button": [_button(item) for item in column.items]} for column in columns]
        made = await self._ask("POST", "/cgi-bin/menu/create", params={"access_token": token}, json={"button": buttons})
        if made["errcode"] != 0:
            raise DoesNotHold(f"the platform took no menu: {made}")

    async def point_callback(self, app_id: str, url: str) -> Json:
        """Save the callback address on the console, which asks the server behind it for an echo."""
        return await self._ask("PUT", f"/_control/accounts/{app_id}/callback", json={"url": url})

    async def follow(self, app_id: str, person_id: str, nickname: str) -> Json:
        """Somebody follows the account; returns when its server has acknowledged it."""
        body = {"nickname": nickname, "person_id": person_id}
        return await self._ask("POST", f"/_control/accounts/{app_id}/followers", params={"wait": "true"}, json=body)

    async def ledger(self, app_id: str, kind: str) -> list[Json]:
        """What the platform accepted, oldest first."""
        found: Any = await self._ask("GET", "/_control/ledger", params={"appid": app_id, "kind": kind})
        return list(found)

    async def pushes(self, app_id: str, event: str) -> list[Json]:
        """What it told the account's server, oldest first."""
        found: Any = await self._ask("GET", "/_control/pushes", params={"appid": app_id, "event": event})
        return list(found)

    async def _ask(self, method: str, path: str, **rest: Any) -> Json:
        return _body(await self.http.request(method, path, **rest))


def _button(item: MenuItem) -> Json:
    if item.kind == "click":
        return {"type": "click", "name": item.name, "key": item.menu_key}
    # An article has an address of its own only after it was sent; until then the entry leads to its source.
    url = item.url or articles.load(item.article or "").front.source_url
    return {"type": "view", "name": item.name, "url": url}


def _body(answer: httpx.Response) -> Json:
    if not answer.is_success:
        raise Unexpected(answer)
    found: Json = answer.json()
    return found
