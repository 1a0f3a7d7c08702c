"""How these tests speak to publisher: through its gateway as signed-in people, as review and registry by events, and
to the sandbox as the platform's people would.
"""

from __future__ import annotations

import base64
import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from joserfc import jws
from nacl.public import PublicKey, SealedBox
from nats.js.errors import NoKeysError

from contracts.permit import Approval, PermitClaims
from contracts.publisher import AccountConnected, MassSendRefused, MassSendSent
from contracts.registry import CredentialsEntrusted, OfficialAccountRegistered, WeChatCredentials
from contracts.review import PermitGranted
from kit.ids import new_id
from kit.keys import SigningKey
from services.publisher.app import SERVICE
from tests.integration.publisher.props import GROUP, Json, MovableClock, Official, picture, settings_for
from tests.support.services import Gateway, House, eventually


@dataclass
class Newsroom:
    """Publisher with everything around it."""

    house: House
    publisher: Gateway
    sandbox: httpx.AsyncClient
    clock: MovableClock
    settings: Json
    tokens: dict[tuple[str, str, str], str] = field(default_factory=dict)

    # People

    async def operator(self, path: str = GROUP, *, role: str = "operator") -> str:
        """The token of somebody who holds the role there, good by the newsroom's clock."""
        key = (role, path, self.clock.now().strftime("%F %H"))
        if key not in self.tokens:
            person = f"p-{role}-{path.strip('/')}"
            self.tokens[key] = await self.house.token(person, (role, path), clock=self.clock)
        return self.tokens[key]

    async def call(self, method: str, path: str, *, token: str | None = None, key: str = "", **rest: Any) -> Any:
        """One request to the gateway, with an idempotency key."""
        headers = await self.house.headers(token or await self.operator(), key=key or None)
        return await self.publisher.http.request(method, f"/publisher{path}", headers=headers, **rest)

    async def ask(self, method: str, path: str, *, token: str | None = None, **rest: Any) -> Json:
        """The same, which must succeed."""
        answer = await self.call(method, path, token=token, **rest)
        assert answer.is_success, (answer.status_code, answer.text)
        found: Json = answer.json()
        return found

    # Accounts

    async def account(self, path: str = GROUP, *, connected: bool = True, **platform: Any) -> Official:
        """An account of the unit; the group's own if the unit is the group."""
        made = (await self.sandbox.post("/_control/accounts", json={"name": "澜栎官微", **platform})).json()
        official = Official(new_id(), path, made)
        await self.register(official)
        if connected:
            await self.entrust(official)
            await self.set_callback(official)
            await self.house.event(AccountConnected, lambda event: event.account_id == official.account_id)
        return official

    async def register(self, official: Official) -> None:
        await self.house.publish(
            OfficialAccountRegistered(
                account_id=official.account_id,
                unit_id=new_id(),
                unit_path=official.unit_path,
                name=official.platform["name"],
                kind=official.platform["kind"],
                verified=official.platform["verified"],
                is_group_account=official.unit_path == GROUP,
                intro="澜栎集团官方账号。",
                original_id=official.platform["original_id"],
                filing_number="GW-2026-0001",
                registered_at=self.clock.now(),
            )
        )

    async def entrust(self, official: Official, **changes: str) -> WeChatCredentials:
        """The custodian's credentials as registry seals them."""
        jwk = await self.seal_key()
        credentials = WeChatCredentials(
            app_id=official.app_id,
            app_secret=official.platform["secret"],
            token=official.platform["token"],
            encoding_aes_key=official.platform["encoding_aes_key"],
        ).model_copy(update=changes)
        raw = base64.urlsafe_b64decode(jwk["x"] + "=" * (-len(jwk["x"]) % 4))
        sealed = SealedBox(PublicKey(raw)).encrypt(credentials.model_dump_json().encode())
        await self.house.publish(
            CredentialsEntrusted(
                account_id=official.account_id,
                app_id=official.app_id,
                key_id=jwk["kid"],
                sealed=base64.b64encode(sealed).decode(),
                entrusted_by="p-custodian",
            )
        )
        return credentials

    async def seal_key(self) -> Json:
        async def look() -> Json | None:
            # The client's list of keys now and then ends before it has begun.
            with contextlib.suppress(NoKeysError):
                names = [key for key in await self.house.keyring.bucket.keys() if key.startswith("publisher.seal.")]
                return await self.house.keyring.find("publisher.seal", names[0].rsplit(".", 1)[1]) if names else None
            return None

        found: Json = await eventually(look, "publisher's key for seals")
        return found

    def callback_url(self, official: Official) -> str:
        return f"{self.publisher.url}/publisher/wechat/{official.account_id}/callback"

    async def set_callback(self, official: Official, **config: str) -> Json:
        """What the custodian does on the platform's console; repeated until the handshake is understood."""
        address = f"/_control/accounts/{official.app_id}/callback"

        async def save() -> Json | None:
            saved: Json = (await self.sandbox.put(address, json={"url": self.callback_url(official), **config})).json()
            return saved if saved.get("enabled") else None

        found: Json = await eventually(save, "the handshake")
        return found

    async def seen(self, official: Official, **wanted: Any) -> Json:
        """The account as the gateway shows it, once these fields are so."""
        token = await self.operator("/")

        async def look() -> Json | None:
            answer = await self.call("GET", f"/accounts/{official.account_id}", token=token)
            if answer.status_code != 200:
                return None
            shown: Json = answer.json()
            return shown if all(shown[name] == value for name, value in wanted.items()) else None

        found: Json = await eventually(look, f"account with {wanted}")
        return found

    # Issues

    async def upload(self, content: bytes | None = None, *, token: str | None = None) -> str:
        files = {"file": ("p.bin", content or picture(), "application/octet-stream")}
        return str((await self.ask("POST", "/pictures", token=token, files=files))["sha256"])

    async def text(self, official: Official, *, articles: int = 2, **changes: Any) -> Json:
        """The body of an issue, with pictures that exist."""
        made = []
        for number in range(1, articles + 1):
            cover, inside = await self.upload(picture("JPEG")), await self.upload()
            made.append(
                {
                    "title": f"澜栎集团要闻（{number}）",
                    "author": "集团企宣部",
                    "digest": "",
                    "content_html": f'<h2>要闻</h2><p>正文“{number}”。</p><p><img src="picture:{inside}"></p>',
                    "content_source_url": "",
                    "cover": cover,
                    "need_open_comment": True,
                    "only_followers_can_comment": False,
                }
            )
        return {"account_id": official.account_id, "articles": made} | changes

    async def written(self, official: Official, **changes: Any) -> Json:
        token = await self.operator(official.unit_path)
        return await self.ask("POST", "/issues", token=token, json=await self.text(official, **changes))

    async def edited(self, issue: Json, **changes: Any) -> Json:
        """The issue saved with other values."""
        names = ("articles", "tag_id", "send_at", "send_ignore_reprint", "major_group_news", "mandate_id", "revision")
        body = {name: issue[name] for name in names} | changes
        for article in body["articles"]:
            article.pop("pictures", None)
        token = await self.operator(issue["unit_path"])
        return await self.ask("PUT", f"/issues/{issue['issue_id']}", token=token, json=body)

    async def submitted(self, official: Official, **changes: Any) -> Json:
        issue = await self.written(official, **changes)
        await self.ask("POST", f"/issues/{issue['issue_id']}/submit", token=await self.operator(official.unit_path))
        return await self.issue(issue["issue_id"])

    async def issue(self, issue_id: str) -> Json:
        return await self.ask("GET", f"/issues/{issue_id}", token=await self.operator("/"))

    # Review's part

    def claims(self, issue: Json, **changes: Any) -> PermitClaims:
        """What review would sign for the issue as it is now."""
        now = int(self.clock.now().timestamp())
        return PermitClaims(
            jti=new_id(),
            act="mass_send",
            account_id=issue["account_id"],
            subject_id=issue["issue_id"],
            digest=issue["digest"],
            nbf=now,
            exp=now + 86_400,
            case_id=new_id(),
            policy_version="1",
            approvals=(Approval(person_id="p-head", display_name="负责人", capacity="head", decided_at=now),),
        ).model_copy(update=changes)

    async def signed(self, claims: PermitClaims, *, key: SigningKey | None = None) -> str:
        key = key or await self.house.signer("review", "permit")
        header = {"alg": "Ed25519", "kid": key.key_id}
        registry = jws.JWSRegistry(algorithms=["Ed25519"])
        return jws.serialize_compact(header, claims.model_dump_json().encode(), key.key, registry=registry)

    async def grant(self, issue: Json, *, token: str | None = None, **changes: Any) -> PermitGranted:
        """Review's event for the issue as it is now."""
        claims = self.claims(issue, **changes)
        granted = PermitGranted(
            permit_id=claims.jti,
            case_id=claims.case_id,
            act=claims.act,
            account_id=claims.account_id,
            subject_id=claims.subject_id,
            digest=claims.digest,
            token=token or await self.signed(claims),
            not_before=datetime.fromtimestamp(claims.nbf, UTC),
            not_after=datetime.fromtimestamp(claims.exp, UTC),
        )
        await self.house.publish(granted)
        return granted

    # What came of it

    async def sent(self, issue: Json) -> MassSendSent:
        return await self.house.event(MassSendSent, lambda event: event.issue_id == issue["issue_id"])

    async def refused(self, issue: Json) -> MassSendRefused:
        return await self.house.event(MassSendRefused, lambda event: event.issue_id == issue["issue_id"])

    async def order(self, issue: Json, *states: str) -> Json:
        """The issue's newest order, once it is in one of the states."""
        token = await self.operator("/")

        async def look() -> Json | None:
            found = await self.ask("GET", f"/mass-sends?issue_id={issue['issue_id']}", token=token)
            newest = found["items"][0] if found["items"] else None
            return newest if newest and (not states or newest["state"] in states) else None

        summary = await eventually(look, f"an order in {states or 'any state'}")
        return await self.ask("GET", f"/mass-sends/{summary['mass_send_id']}", token=token)

    async def ledger(self, official: Official, kind: str = "mass_send") -> list[Json]:
        """What the platform accepted."""
        query = {"appid": official.app_id, "kind": kind}
        found: list[Json] = (await self.sandbox.get("/_control/ledger", params=query)).json()
        return found

    async def calls(self, official: Official, path: str) -> list[Json]:
        query = {"appid": official.app_id, "path": f"/cgi-bin/{path}"}
        found: list[Json] = (await self.sandbox.get("/_control/calls", params=query)).json()
        return found

    async def fault(self, kind: str, official: Official, **details: Any) -> str:
        body = {"kind": kind, "appid": official.app_id, **details}
        answer = await self.sandbox.post("/_control/faults", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["fault_id"])

    async def follower(self, official: Official, **changes: Any) -> Json:
        address = f"/_control/accounts/{official.app_id}/followers?wait=true"
        found: Json = (await self.sandbox.post(address, json={"nickname": "粉丝", **changes})).json()
        return found

    async def act(self, official: Official, openid: str, act: str, **details: Any) -> Json:
        address = f"/_control/accounts/{official.app_id}/followers/{openid}/acts?wait=true"
        found: Json = (await self.sandbox.post(address, json={"act": act, **details})).json()
        return found


async def start_newsroom(house: House, sandbox: httpx.AsyncClient, folder: Path, **extra: Any) -> Newsroom:
    """Publisher on the house's servers and the sandbox."""
    clock = extra.pop("clock", None) or MovableClock()
    roles = extra.pop("roles", ("http", "worker"))
    settings = settings_for(folder, str(sandbox.base_url).rstrip("/"), **extra)
    publisher = await house.start(SERVICE, roles=roles, clock=clock, **settings)
    return Newsroom(house, publisher, sandbox, clock, settings)
