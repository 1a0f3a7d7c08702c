"""The way of one API call: fault, method, token, permission, quota, handler, fault; always HTTP 200 (§4)."""

import asyncio
import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sandbox.wechat import faults, ids, quotas, tokens
from sandbox.wechat.calls import Answer, Call, Endpoint, read_call
from sandbox.wechat.errors import TEXTS, WeChatError
from sandbox.wechat.faults import Fault, Stage
from sandbox.wechat.records import CallRecord
from sandbox.wechat.server import hang_up
from sandbox.wechat.world import World

KEPT_CALLS = 3000
_CALL_FAULTS = ("latency", "hold", "http", "errcode", "drop")
_SECRET = ("secret", "appsecret", "access_token", "refresh_token", "code")
_SHOWN = 4000


class Api:
    """Answers every path of the API by its table of endpoints."""

    def __init__(self, world: World, endpoints: dict[str, Endpoint]) -> None:
        self._world = world
        self._endpoints = endpoints

    async def answer(self, request: Request) -> Response:
        """One request, from the first fault that may strike it to the note in the log."""
        endpoint = self._endpoints.get(request.url.path)
        if endpoint is None:
            return HTMLResponse("<html><body><h1>404 Not Found</h1></body></html>", status_code=404)
        began = time.monotonic()
        call = await read_call(self._world, request, ids.rid(self._world.clock.now()))
        call.literal_escapes = endpoint.literal_escapes and self._world.settings.literal_unicode_escapes
        appid = _appid_of(call)
        struck: list[Fault] = []
        response = await self._disturb(call, appid, "before", struck)
        if response is None:
            response = self._handle(call, endpoint)
            disturbed = await self._disturb(call, appid, "after", struck)
            response = disturbed if disturbed is not None else response
        self._log(call, appid, response, int((time.monotonic() - began) * 1000), struck)
        return response

    async def _disturb(self, call: Call, appid: str, stage: Stage, struck: list[Fault]) -> Response | None:
        """Let the faults strike that were ordered for here; a response means that it ends with it."""
        ending: Response | None = None
        for fault in faults.take(self._world, _CALL_FAULTS, appid, call.request.url.path, stage):
            struck.append(fault)
            if fault.kind == "latency":
                await asyncio.sleep(fault.ms / 1000)
            elif fault.kind == "hold":
                await self._hold(fault)
            elif fault.kind == "drop":
                hang_up(call.request)
                ending = Response()
            elif fault.kind == "http":
                ending = HTMLResponse("<html><body><h1>Error</h1></body></html>", status_code=fault.status)
            else:
                text = fault.errmsg or TEXTS.get(fault.errcode, "system error")
                ending = _refusal(call, WeChatError(fault.errcode, text))
        return ending

    async def _hold(self, fault: Fault) -> None:
        """Answer nothing until the fault's time has come, or the fault was removed."""
        world, clock = self._world, self._world.clock
        while world.faults.get("", fault.fault_id) and not world.stopping:
            if fault.until is not None and clock.now() >= fault.until:
                return
            await clock.wait(fault.until)

    def _handle(self, call: Call, endpoint: Endpoint) -> Response:
        try:
            return _response(self._admitted(call, endpoint))
        except WeChatError as refusal:
            return _refusal(call, refusal)

    def _admitted(self, call: Call, endpoint: Endpoint) -> Answer:
        if self._world.settings.require_https and call.request.url.scheme != "https":
            raise WeChatError(43003)
        if endpoint.method not in ("ANY", call.request.method):
            raise WeChatError(43001 if endpoint.method == "GET" else 43002)
        if endpoint.entry == "token":
            account = tokens.owner(self._world, call.query("access_token"))
            call.known_account = account
            if account.punished:
                raise WeChatError(48004)
            if account.frozen:
                raise WeChatError(50002)
            if account.account_class not in endpoint.allowed:
                raise WeChatError(48001)
            quotas.spend(self._world, endpoint, account.appid)
        return endpoint.handle(call)

    def _log(self, call: Call, appid: str, response: Response, cost_ms: int, struck: list[Fault]) -> None:
        request = call.request
        body = "" if call.uploads else call.body[:_SHOWN].decode(errors="replace")
        answer = bytes(response.body)[:_SHOWN].decode(errors="replace")
        if not response.headers.get("content-type", "").startswith(("application/json", "text/")):
            answer = f"<{response.headers.get('content-type', '')}>"
        record = CallRecord(
            rid=call.rid,
            at=call.now,
            appid=call.known_account.appid if call.known_account else appid,
            method=request.method,
            path=request.url.path,
            url=f"{request.url.path}?{_masked_query(request)}".rstrip("?"),
            client_ip=request.client.host if request.client else "",
            request_body=_masked_body(body) if body else "".join(f"<{n}>" for n in call.uploads),
            response_body=_masked_body(answer),
            errcode=call.errcode,
            cost_ms=cost_ms,
            fault=", ".join(f"{fault.kind} {fault.stage}" for fault in struck),
        )
        self._world.calls.put("", call.rid, record)
        self._world.calls.trim("", KEPT_CALLS)


def _appid_of(call: Call) -> str:
    """Whom the call concerns, as far as it can be told before anything was checked."""
    token = call.world.tokens.get("", call.query("access_token"))
    if token:
        return token.appid
    person = call.world.oauth_tokens.get("", call.query("access_token"))
    if person:
        return person.appid
    if call.query("appid"):
        return call.query("appid")
    try:
        return str(call.json().get("appid", ""))
    except WeChatError:
        return ""


def _response(answer: Answer) -> Response:
    if isinstance(answer, Response):
        return answer
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Response(body, media_type="application/json; encoding=utf-8")


def _refusal(call: Call, refusal: WeChatError) -> Response:
    call.errcode = refusal.errcode
    errmsg = f"{refusal.errmsg} rid: {call.rid}"
    return _response({"errcode": refusal.errcode, "errmsg": errmsg, **refusal.extra})


def _masked_query(request: Request) -> str:
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    return urlencode([(name, "***" if name in _SECRET else value) for name, value in pairs])


def _masked_body(body: str) -> str:
    """Secrets out of a JSON body; what is no JSON object stays as it is."""
    try:
        document: Any = json.loads(body)
    except ValueError:
        return body
    if not isinstance(document, dict) or not any(name in document for name in _SECRET):
        return body
    masked = {name: "***" if name in _SECRET else value for name, value in document.items()}
    return json.dumps(masked, ensure_ascii=False)
