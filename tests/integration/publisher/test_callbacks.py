"""What WeChat pushes: verified, committed, told once, and answered in time or not at all."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.publisher import (
    FollowerAuthorisationWithdrawn,
    FollowerFollowed,
    FollowerUnfollowed,
    MassSendRefused,
    MassSendSent,
    MessageReceived,
)
from contracts.registry import WeChatCredentials
from services.publisher.ports import CallbackQuery
from stack.servers import Mongod, Nats
from tests.integration.publisher.newsroom import Newsroom, start_newsroom
from tests.integration.publisher.props import Json, Official
from tests.support.services import eventually, open_house
from tests.unit.publisher.pushes import TEXT, event, sealed

MASS = "/cgi-bin/message/mass/sendall"
BOMB = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><xml><MsgType>&b;</MsgType></xml>'


def credentials(official: Official) -> WeChatCredentials:
    made = official.platform
    return WeChatCredentials(
        app_id=official.app_id,
        app_secret=made["secret"],
        token=made["token"],
        encoding_aes_key=made["encoding_aes_key"],
    )


async def post(newsroom: Newsroom, official: Official, query: CallbackQuery, body: bytes) -> tuple[int, str]:
    """The status, and the code of a problem or the text of an answer."""
    names = ("signature", "timestamp", "nonce", "encrypt_type", "msg_signature")
    params = {name: value for name in names if (value := getattr(query, name)) is not None}
    answer = await newsroom.publisher.http.post(newsroom.callback_url(official), params=params, content=body)
    return answer.status_code, answer.text if answer.is_success else answer.json()["code"]


def made(newsroom: Newsroom, official: Official, clear: str, **changes: Any) -> tuple[CallbackQuery, bytes]:
    """A push that is sealed as the account's is, at this moment."""
    moment = newsroom.clock.now() + timedelta(seconds=changes.pop("seconds", 0))
    by = credentials(official).model_copy(update=changes.pop("by", {}))
    return sealed(clear, by, stamp=str(int(moment.timestamp())), **changes)


async def test_what_is_not_wechats_is_turned_away_and_leaves_nothing(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    stray = await newsroom.account(connected=False)
    good = made(newsroom, group, TEXT)
    large = (good[0], b"<xml>" + b"a" * 70_000 + b"</xml>")
    clear = (made(newsroom, group, TEXT, encrypt_type=None, msg_signature=None)[0], TEXT.encode())
    cases = [
        ("signature", made(newsroom, group, TEXT, signature="0" * 40), (403, "publisher.callback_forged")),
        ("sealed signature", made(newsroom, group, TEXT, msg_signature="0" * 40), (403, "publisher.callback_forged")),
        ("another token", made(newsroom, group, TEXT, by={"token": "other"}), (403, "publisher.callback_forged")),
        ("another app", made(newsroom, group, TEXT, by={"app_id": "wx1"}), (403, "publisher.callback_forged")),
        ("another body", (good[0], made(newsroom, group, BOMB)[1]), (403, "publisher.callback_forged")),
        ("in clear", clear, (403, "publisher.callback_forged")),
        ("recorded", made(newsroom, group, TEXT, seconds=-301), (403, "publisher.callback_stale")),
        ("bomb outside", (good[0], BOMB.encode()), (400, "publisher.callback_malformed")),
        ("bomb inside", made(newsroom, group, BOMB), (400, "publisher.callback_malformed")),
        ("no xml", (good[0], b"{}"), (400, "publisher.callback_malformed")),
        ("too large", large, (413, "publisher.callback_too_large")),
    ]
    for name, (query, body), expected in cases:
        assert await post(newsroom, group, query, body) == expected, name
    assert (await post(newsroom, stray, *good))[1] == "publisher.callback_unexpected"
    unknown = Official("nobody", "/", group.platform)
    assert (await post(newsroom, unknown, *good))[1] == "not_found"
    bare = await newsroom.publisher.http.post(newsroom.callback_url(group), content=b"<xml/>")
    assert (bare.status_code, bare.json()["code"]) == (422, "http.body_invalid")
    assert await newsroom.publisher.database["idempotency"].count_documents({"_id": {"$regex": "^callback"}}) == 0
    assert await newsroom.house.events(MessageReceived) == []

    assert await post(newsroom, group, *good) == (200, "success")
    assert await post(newsroom, group, *good) == (200, "success")
    assert await post(newsroom, group, *made(newsroom, group, TEXT)) == (200, "success")
    told = await newsroom.house.event(MessageReceived)
    assert (told.text, told.openid, told.message_id) == ("你好", "oFollower", f"{group.account_id}:9007199254740993")
    await _idle(newsroom)
    assert len(await newsroom.house.events(MessageReceived)) == 1


async def test_what_followers_do_is_told_once_each(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    for name in ("subscribe", "text", "unsubscribe", "user_authorization_revoke"):
        await newsroom.fault("push_duplicate", group, event=name, copies=2)
    follower = await newsroom.follower(group)
    openid = follower["openid"]
    await newsroom.act(group, openid, "text", text="想咨询门诊时间")
    await newsroom.act(group, openid, "withdraw_authorisation")
    await newsroom.act(group, openid, "unfollow")
    told = (
        await newsroom.house.event(FollowerFollowed),
        await newsroom.house.event(MessageReceived),
        await newsroom.house.event(FollowerAuthorisationWithdrawn),
        await newsroom.house.event(FollowerUnfollowed),
    )
    assert {(one.account_id, one.openid) for one in told} == {(group.account_id, openid)}
    assert told[1].text == "想咨询门诊时间"
    await _pushed(newsroom, group, 12)
    await _idle(newsroom)
    assert [len(await newsroom.house.envelopes(type(one).subject)) for one in told] == [1, 1, 1, 1]
    token = await newsroom.operator("/")
    shown = await newsroom.ask("GET", f"/accounts/{group.account_id}", token=token)
    assert shown["follower_count"] == 0


async def test_the_end_of_a_job_is_told_once_however_often_and_early_it_comes(newsroom: Newsroom) -> None:
    """The callback is faster than the answer to the call that made the job, and comes three times."""
    group = await newsroom.account()
    await newsroom.fault("push_duplicate", group, event="MASSSENDJOBFINISH", copies=2)
    await newsroom.fault("latency", group, path=MASS, stage="after", ms=1_000)
    issue = await newsroom.submitted(group, articles=1)
    await newsroom.grant(issue)
    sent = await newsroom.sent(issue)
    order = await newsroom.order(issue, "sent")
    assert [step["state"] for step in order["timeline"]][-3:] == ["sending", "accepted", "sent"]
    assert sent.receipt_known
    await _pushed(newsroom, group, 3)
    await _idle(newsroom)
    assert len(await newsroom.house.events(MassSendSent)) == 1


async def test_a_job_that_the_platform_stops_is_shown_as_failed_with_its_reason(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    await newsroom.fault("mass_outcome", group, mass_status="err(20013)")
    issue = await newsroom.submitted(group, articles=1)
    await newsroom.grant(issue)
    refused = await newsroom.refused(issue)
    assert refused.code == "wechat.err(20013)"
    assert "涉嫌版权" in refused.detail
    shown = await newsroom.issue(issue["issue_id"])
    assert (shown["state"], shown["setback"]["code"]) == ("not_sent", "wechat.err(20013)")
    assert await newsroom.house.events(MassSendSent) == []


async def test_a_job_that_nobody_here_ordered_concerns_nobody(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    clear = event("MASSSENDJOBFINISH", MsgID="77", Status="send success")
    assert await post(newsroom, group, *made(newsroom, group, clear)) == (200, "success")
    huge = event("MASSSENDJOBFINISH", MsgID="9" * 19, Status="send success")
    assert (await post(newsroom, group, *made(newsroom, group, huge)))[1] == "publisher.callback_malformed"
    await _idle(newsroom)
    assert await newsroom.house.events(MassSendSent) == []
    assert await newsroom.house.events(MassSendRefused) == []


async def test_without_a_callback_the_platform_is_asked(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    await newsroom.fault("push_suppress", group, event="MASSSENDJOBFINISH", times=None)
    issue = await newsroom.submitted(group, articles=1)
    await newsroom.grant(issue)
    await newsroom.order(issue, "accepted")

    async def finished() -> bool:
        return bool(await newsroom.ledger(group, "mass_send_finished"))

    await eventually(finished, "the end of the job at the platform")
    assert await newsroom.calls(group, "message/mass/get") == []
    newsroom.clock.offset += timedelta(seconds=61)
    sent = await newsroom.sent(issue)
    assert not sent.receipt_known
    assert (await newsroom.order(issue, "sent"))["receipt"] is None


async def test_new_credentials_are_taken_over_without_losing_a_push(newsroom: Newsroom) -> None:
    group = await newsroom.account()
    old = made(newsroom, group, TEXT)
    fresh = {"token": "freshtoken0123", "encoding_aes_key": "abcdefghij" * 4 + "klm"}
    await newsroom.entrust(group, **fresh)
    await newsroom.seen(group, connection="awaiting_callback")
    assert await post(newsroom, group, *old) == (200, "success")
    await newsroom.seen(group, connection="awaiting_callback")
    await newsroom.set_callback(group, **fresh)
    await newsroom.seen(group, connection="connected")
    newsroom.clock.offset += timedelta(days=1, seconds=1)
    assert (await post(newsroom, group, *made(newsroom, group, TEXT)))[1] == "publisher.callback_forged"
    assert await post(newsroom, group, *made(newsroom, group, TEXT, by=fresh)) == (200, "success")


@asynccontextmanager
async def waiting_platform(sandbox: httpx.AsyncClient) -> AsyncIterator[None]:
    """The platform waits for a second only, and tries again until the database has had time to come back."""
    changed = {"push_timeout_seconds": 1.0, "push_tries": 60}
    (await sandbox.patch("/_control/settings", json=changed)).raise_for_status()
    yield


@pytest.mark.slow
async def test_while_nothing_can_be_stored_nothing_is_answered(
    own_mongod: Mongod, nats_server: Nats, sandbox: httpx.AsyncClient, tmp_path: Path
) -> None:
    """A wrong answer would be final, so there is none until the platform has hung up; its next try is stored."""
    silence = 1.5
    async with open_house(own_mongod, nats_server, tmp_path) as house, waiting_platform(sandbox):
        newsroom = await start_newsroom(
            house, sandbox, tmp_path, callback_silence_seconds=silence, transaction_seconds=1.0
        )
        group = await newsroom.account()
        follower = await newsroom.follower(group)
        push = made(newsroom, group, TEXT)
        await own_mongod.kill()
        begun = time.monotonic()
        status, _ = await post(newsroom, group, *push)
        assert status == 503
        assert time.monotonic() - begun >= silence
        address = f"/_control/accounts/{group.app_id}/followers/{follower['openid']}/acts"
        await sandbox.post(address, json={"act": "text", "text": "数据库停了"})

        async def tried() -> bool:
            return bool(await _tries(newsroom, group))

        await eventually(tried, "a first try that got no answer")
        await own_mongod.start()
        told = await house.event(MessageReceived, lambda event: event.text == "数据库停了")
        assert told.openid == follower["openid"]
        assert len(await house.events(MessageReceived)) == 1


async def _tries(newsroom: Newsroom, official: Official) -> list[Json]:
    query = {"appid": official.app_id, "event": "text"}
    pushes: list[Json] = (await newsroom.sandbox.get("/_control/pushes", params=query)).json()
    return [attempt for push in pushes for attempt in push["tries"]]


async def _pushed(newsroom: Newsroom, official: Official, number: int) -> None:
    """The platform has got an answer to that many pushes since the account was connected."""

    async def look() -> bool:
        query = {"appid": official.app_id}
        pushes = (await newsroom.sandbox.get("/_control/pushes", params=query)).json()
        return (
            len([push for push in pushes if push["outcome"]]) >= 1
            and sum(len(push["tries"]) for push in pushes) >= number
        )

    await eventually(look, f"{number} pushes")


async def _idle(newsroom: Newsroom) -> None:
    """The relay has published whatever was committed."""

    async def look() -> bool:
        return await newsroom.publisher.database["outbox"].count_documents({"state": "pending"}) == 0

    await eventually(look, "an empty outbox")
