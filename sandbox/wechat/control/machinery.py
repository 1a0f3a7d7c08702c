"""Faults, clock, settings, logs and the ledger."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from sandbox.wechat import crypto, ids
from sandbox.wechat.clock import beijing, iso
from sandbox.wechat.control.parts import Here
from sandbox.wechat.faults import Fault
from sandbox.wechat.records import CallRecord, Entry, Push, Settings


class Step(BaseModel):
    seconds: float = Field(ge=0)


class JsConfig(BaseModel):
    """What a page hands to wx.config, and the page's own address."""

    model_config = ConfigDict(extra="forbid")

    appid: str
    timestamp: int
    nonce_str: str
    signature: str
    url: str


async def list_faults(here: Here) -> list[Fault]:
    return here.world.faults.all("")


async def add_fault(body: Fault, here: Here) -> Fault:
    fault = body.model_copy(update={"fault_id": f"f-{ids.alphanumeric(10)}", "hits": 0})
    return here.world.faults.put("", fault.fault_id, fault)


async def remove_fault(fault_id: str, here: Here) -> None:
    if here.world.faults.delete("", fault_id) is None:
        raise HTTPException(404, f"no fault {fault_id}")
    here.world.clock.poke()


async def clear_faults(here: Here) -> None:
    here.world.faults.clear("")
    here.world.clock.poke()


async def read_clock(here: Here) -> dict[str, Any]:
    now = here.world.clock.now()
    return {
        "now": now,
        "utc": iso(now),
        "beijing": beijing(now).strftime("%Y-%m-%d %H:%M:%S"),
        "offset_seconds": here.world.clock.offset,
    }


async def advance_clock(body: Step, here: Here) -> dict[str, Any]:
    here.world.advance(body.seconds)
    return await read_clock(here)


async def read_settings(here: Here) -> Settings:
    return here.world.settings


async def change_settings(body: dict[str, Any], here: Here) -> Settings:
    """Change some settings; `clock_offset` is not one of those, see /clock/advance."""
    if "clock_offset" in body or not body.keys() <= Settings.model_fields.keys():
        raise HTTPException(422, "unknown setting")
    try:
        changed = Settings.model_validate({**here.world.settings.model_dump(), **body})
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
    here.world.save_settings(changed)
    return changed


async def reset(here: Here) -> None:
    here.world.reset()
    here.world.clock.poke()


async def list_pushes(here: Here, appid: str, event: str = "", openid: str = "", limit: int = 200) -> list[Push]:
    """What was pushed, oldest first, the newest `limit` of it, with tries and answers."""
    found = [push for push in here.world.pushes.all(appid) if event in ("", push.event) and openid in ("", push.openid)]
    return found[-limit:]


async def list_calls(here: Here, appid: str = "", path: str = "", limit: int = 200) -> list[CallRecord]:
    found = [call for call in here.world.calls.all("") if appid in ("", call.appid) and path in ("", call.path)]
    return found[-limit:]


async def read_ledger(here: Here, appid: str, kind: str = "", after: int = 0) -> list[Entry]:
    """Every accepted effect of an account, oldest first; `after` is a `seq` already seen."""
    return [entry for entry in here.world.ledger.all(appid) if kind in ("", entry.kind) and entry.seq > after]


async def check_js_config(body: JsConfig, here: Here) -> dict[str, Any]:
    """What wx.config would say to this page."""
    account = here.world.accounts.get("", body.appid)
    if account is None:
        return {"ok": False, "error": "config:invalid appid"}
    host = body.url.split("//", 1)[-1].split("/", 1)[0].split("?", 1)[0]
    if not any(host == domain or host.endswith(f".{domain}") for domain in account.js_domains):
        return {"ok": False, "error": "config:invalid url domain"}
    ticket = here.world.tickets.get(body.appid, "jsapi")
    expected = crypto.jsapi_signature(ticket.ticket if ticket else "", body.nonce_str, str(body.timestamp), body.url)
    if ticket is None or body.signature != expected:
        return {"ok": False, "error": "config:invalid signature"}
    return {"ok": True, "error": ""}


async def stream(request: Request, here: Here) -> StreamingResponse:
    """Server-sent events: a number that grows whenever something shown on the page changed."""

    async def changes() -> AsyncIterator[str]:
        seen = -1
        while not here.world.stopping and not await request.is_disconnected():
            if here.world.revision != seen:
                seen = here.world.revision
                yield f"data: {json.dumps({'revision': seen})}\n\n"
            await asyncio.sleep(0.25)

    return StreamingResponse(changes(), media_type="text/event-stream")


def routes() -> APIRouter:
    router = APIRouter(tags=["machinery"])
    router.add_api_route("/faults", list_faults, methods=["GET"])
    router.add_api_route("/faults", add_fault, methods=["POST"], status_code=201)
    router.add_api_route("/faults", clear_faults, methods=["DELETE"], status_code=204)
    router.add_api_route("/faults/{fault_id}", remove_fault, methods=["DELETE"], status_code=204)
    router.add_api_route("/clock", read_clock, methods=["GET"])
    router.add_api_route("/clock/advance", advance_clock, methods=["POST"])
    router.add_api_route("/settings", read_settings, methods=["GET"])
    router.add_api_route("/settings", change_settings, methods=["PATCH"])
    router.add_api_route("/reset", reset, methods=["POST"], status_code=204)
    router.add_api_route("/pushes", list_pushes, methods=["GET"])
    router.add_api_route("/calls", list_calls, methods=["GET"])
    router.add_api_route("/ledger", read_ledger, methods=["GET"])
    router.add_api_route("/jssdk-check", check_js_config, methods=["POST"])
    router.add_api_route("/stream", stream, methods=["GET"], include_in_schema=False)
    return router
