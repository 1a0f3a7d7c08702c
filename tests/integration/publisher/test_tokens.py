"""One token for all processes: fetched by one of many callers, replaced once when refused, never on the event loop."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from contracts.publisher import AccountConnectionFailed
from services.publisher.dependencies import Dependencies
from services.publisher.ports import PlatformRefused
from tests.integration.publisher.newsroom import Newsroom, start_newsroom
from tests.integration.publisher.props import Official
from tests.support.services import House, eventually

MENU, TOKEN = "get_current_selfmenu_info", "stable_token"


async def fetched(newsroom: Newsroom, official: Official) -> int:
    return len(await newsroom.calls(official, TOKEN))


def parts(newsroom: Newsroom) -> Dependencies:
    found: Dependencies = newsroom.publisher.app.state.dependencies
    return found


async def test_many_callers_of_two_processes_fetch_one_token(
    house: House, sandbox: httpx.AsyncClient, tmp_path: Path
) -> None:
    first = await start_newsroom(house, sandbox, tmp_path)
    second = await start_newsroom(house, sandbox, tmp_path, roles=("http",), clock=first.clock)
    group = await first.account()
    before = await fetched(first, group)
    first.clock.offset += timedelta(hours=2)
    callers = [parts(newsroom).wechat.live_menu(group.account_id) for newsroom in (first, second) for _ in range(10)]
    assert await asyncio.gather(*callers) == [None] * 20
    assert await fetched(first, group) == before + 1

    generation = await _generation(first, group)
    await first.fault("errcode", group, path=f"/cgi-bin/{MENU}", errcode=40001, times=8)
    callers = [parts(newsroom).wechat.live_menu(group.account_id) for newsroom in (first, second) for _ in range(4)]
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert await _generation(first, group) <= generation + 2
    assert all(outcome is None or isinstance(outcome, PlatformRefused) for outcome in outcomes)


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_refused_token_is_replaced_once_and_the_call_repeated_once(newsroom: Newsroom, errcode: int) -> None:
    group = await newsroom.account()
    wechat, generation = parts(newsroom).wechat, await _generation(newsroom, group)
    calls = len(await newsroom.calls(group, MENU))
    await newsroom.fault("errcode", group, path=f"/cgi-bin/{MENU}", errcode=errcode)
    assert await wechat.live_menu(group.account_id) is None
    assert await _generation(newsroom, group) == generation + 1
    assert len(await newsroom.calls(group, MENU)) == calls + 2

    await newsroom.fault("errcode", group, path=f"/cgi-bin/{MENU}", errcode=errcode, times=None)
    with pytest.raises(PlatformRefused) as refused:
        await wechat.live_menu(group.account_id)
    assert refused.value.code == errcode
    assert len(await newsroom.calls(group, MENU)) == calls + 4


async def test_a_token_that_the_platform_really_invalidated_is_replaced(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    body = {"grant_type": "client_credential", "appid": group.app_id, "secret": group.platform["secret"]}
    forced = (await newsroom.sandbox.post(f"/cgi-bin/{TOKEN}", json=body | {"force_refresh": True})).json()
    assert "access_token" in forced
    assert await parts(newsroom).wechat.live_menu(group.account_id) is None
    assert [call["errcode"] for call in await newsroom.calls(group, MENU)].count(40001) == 1


async def test_a_slow_platform_holds_up_nothing_else(house: House, sandbox: httpx.AsyncClient, tmp_path: Path) -> None:
    newsroom = await start_newsroom(house, sandbox, tmp_path, wechat_timeout_seconds=60.0)
    group = await newsroom.account()
    fault = await newsroom.fault("hold", group, path=f"/cgi-bin/{MENU}")
    call = asyncio.create_task(parts(newsroom).wechat.live_menu(group.account_id))

    async def held() -> bool:
        faults = (await newsroom.sandbox.get("/_control/faults")).json()
        return any(known["fault_id"] == fault and known["hits"] for known in faults)

    await eventually(held, "the call at the platform")
    issue = await newsroom.written(group, articles=1)
    assert issue["state"] == "draft"
    assert not call.done()
    await newsroom.sandbox.delete(f"/_control/faults/{fault}")
    assert await call is None


async def test_wrong_credentials_are_told_once_and_mended_by_right_ones(newsroom: Newsroom) -> None:
    group = await newsroom.account(connected=False)
    await newsroom.entrust(group, app_secret="f" * 32)
    failed = await newsroom.house.event(AccountConnectionFailed)
    assert (failed.step, failed.code) == ("token", "wechat.40001")
    assert "AppSecret" in failed.detail
    assert "f" * 32 not in failed.detail
    shown = await newsroom.seen(group, connection="failed")
    assert shown["failure"]["code"] == "wechat.40001"
    tries = await fetched(newsroom, group)

    async def again() -> bool:
        return await fetched(newsroom, group) > tries

    await eventually(again, "another attempt")
    assert len(await newsroom.house.events(AccountConnectionFailed)) == 1
    await newsroom.entrust(group)
    await newsroom.set_callback(group)
    await newsroom.seen(group, connection="connected", failure=None)


async def test_an_account_that_is_not_in_service_sends_nothing(newsroom: Newsroom) -> None:
    group = await newsroom.account(connected=False)
    issue = await newsroom.written(group, articles=1)
    token = await newsroom.operator()
    answer = await newsroom.call("POST", f"/issues/{issue['issue_id']}/submit", token=token)
    assert (answer.status_code, answer.json()["code"]) == (409, "publisher.account_not_connected")


async def _generation(newsroom: Newsroom, official: Official) -> int:
    row = await newsroom.publisher.database["shared_secrets"].find_one({"_id": f"{official.account_id}|access_token"})
    assert row is not None
    return int(row["generation"])
