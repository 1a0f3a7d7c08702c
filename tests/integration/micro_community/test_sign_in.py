"""WeChat OAuth as a browser goes through it: once, twice, back, forged, and with a made-up identity."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from contracts.micro_community import MemberJoined
from contracts.publisher import FollowerAuthorisationWithdrawn, FollowerFollowed, FollowerUnfollowed
from tests.integration.micro_community.conftest import AT, Town, registered
from tests.support.services import eventually


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=town.gateway.url, trust_env=False, verify=False) as client:
        yield client


async def start(browser: httpx.AsyncClient, account_id: str, **params: str) -> dict[str, str]:
    answer = await browser.get(f"/community/{account_id}/oauth/start", params=params)
    assert answer.status_code == 302, answer.text
    where = urlsplit(answer.headers["location"])
    assert where.fragment == "wechat_redirect"
    return {name: values[0] for name, values in parse_qs(where.query).items()} | {"path": where.path}


def attributes(answer: httpx.Response, name: str) -> list[str]:
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}="))
    return [part.strip().lower() for part in cookie.split(";")[1:]]


async def test_the_way_to_wechat_and_back(town: Town, browser: httpx.AsyncClient) -> None:
    asked = await start(browser, town.first, return_to="/h5/x/posts/1?from=menu", scope="snsapi_userinfo")
    assert list(asked)[:5] == ["appid", "redirect_uri", "response_type", "scope", "state"]
    assert asked["redirect_uri"] == f"http://127.0.0.1:8600/community/{town.first}/oauth/callback"
    assert asked["state"].isalnum()
    code = town.wechat.code("o-one", nickname="小恒", avatar_url="https://thirdwx.qlogo.cn/a/0")
    path = f"/community/{town.first}/oauth/callback"
    back = await browser.get(path, params={"code": code, "state": asked["state"]})
    assert (back.status_code, back.headers["location"]) == (302, "/h5/x/posts/1?from=menu")
    session = attributes(back, "guanwei_member")
    assert {"httponly", "samesite=lax", f"path=/community/{town.first}"} <= set(session)
    me = (await browser.get(f"/community/{town.first}/me")).json()
    assert (me["nickname"], me["has_profile"], me["unread_notifications"]) == ("小恒", True, 0)

    again = await browser.get(path, params={"code": code, "state": asked["state"]})
    assert (again.status_code, again.headers["location"]) == (302, "/h5/x/posts/1?from=menu")
    assert town.wechat.asked == [code]


async def test_a_used_code_without_a_session_starts_over(town: Town, browser: httpx.AsyncClient) -> None:
    asked = await start(browser, town.first, return_to="/h5/here")
    params = {"code": town.wechat.code("o-one"), "state": asked["state"]}
    path = f"/community/{town.first}/oauth/callback"
    assert (await browser.get(path, params=params)).status_code == 302
    async with httpx.AsyncClient(base_url=town.gateway.url, trust_env=False, verify=False) as stranger:
        copied = await stranger.get(path, params=params)
        assert "guanwei_member" not in stranger.cookies
        where = urlsplit(copied.headers["location"])
        assert where.path == f"/community/{town.first}/oauth/start"
        assert parse_qs(where.query) == {"return_to": ["/h5/here"], "attempt": ["2"]}
        tired = await stranger.get(f"/community/{town.first}/oauth/start", params={"attempt": 4})
        assert (tired.status_code, tired.json()["code"]) == (409, "micro_community.sign_in_loops")
    assert len(town.wechat.asked) == 1


async def test_a_state_of_another_browser_or_community_signs_nobody_in(town: Town, browser: httpx.AsyncClient) -> None:
    asked = await start(browser, town.first)
    async with httpx.AsyncClient(base_url=town.gateway.url, trust_env=False, verify=False) as victim:
        await start(victim, town.first)
        params = {"code": town.wechat.code("o-attacker"), "state": asked["state"]}
        answer = await victim.get(f"/community/{town.first}/oauth/callback", params=params)
        assert answer.headers["location"].startswith(f"/community/{town.first}/oauth/start")
        assert "guanwei_member" not in victim.cookies
    crossed = await browser.get(f"/community/{town.second}/oauth/callback", params=params)
    assert crossed.headers["location"].startswith(f"/community/{town.second}/oauth/start")
    forged = {"Cookie": "guanwei_oauth=W10=.00"}
    answer = await town.http.get(f"/community/{town.first}/oauth/callback", params=params, headers=forged)
    assert answer.status_code == 302
    assert town.wechat.asked == []


@pytest.mark.parametrize(
    "landing",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "/a\r\nSet-Cookie: x=1", "/ä", "http://["],
)
async def test_return_to_stays_on_the_site(town: Town, landing: str) -> None:
    answer = await town.http.get(f"/community/{town.first}/oauth/start", params={"return_to": landing})
    assert (answer.status_code, answer.json()["code"]) == (422, "micro_community.landing_foreign")


async def test_a_snapshot_user_is_refused_and_no_member(town: Town, browser: httpx.AsyncClient) -> None:
    for accept, kind in (("text/html", "text/html"), ("*/*", "application/problem+json")):
        asked = await start(browser, town.first, scope="snsapi_userinfo")
        params = {"code": town.wechat.code("o-virtual", is_snapshot_user=True), "state": asked["state"]}
        answer = await browser.get(f"/community/{town.first}/oauth/callback", params=params, headers={"Accept": accept})
        assert answer.status_code == 403
        assert answer.headers["content-type"].startswith(kind)
        assert "快照" in answer.text
        assert (f'<a href="/h5/{town.first}">先看看</a>' in answer.text) is (accept == "text/html")
    assert await town.gateway.database["members"].count_documents({}) == 0


async def test_one_member_per_follower_and_a_later_profile(town: Town) -> None:
    base = await town.follower("o-same")
    richer = await town.follower("o-same", nickname="有名字", unionid="u-1")
    plain = await town.follower("o-same")
    assert base.member_id == richer.member_id == plain.member_id
    assert (await plain.get("/me")).json()["nickname"] == "有名字"
    elsewhere = await town.follower("o-same", town.second)
    assert elsewhere.member_id != base.member_id
    assert len(await town.house.events(MemberJoined)) <= 2


async def test_an_account_without_credentials_cannot_sign_anybody_in(town: Town) -> None:
    await town.house.publish(registered("unconnected", "未接入"))

    async def opened() -> bool:
        return (await town.http.get("/community/unconnected")).status_code == 200

    await eventually(opened, "the community is open")
    answer = await town.http.get("/community/unconnected/oauth/start")
    assert (answer.status_code, answer.json()["code"]) == (409, "micro_community.sign_in_not_ready")
    assert (await town.http.get("/community/nowhere/oauth/start")).status_code == 404


async def test_whoever_cannot_sign_in_is_told_so_and_led_back_to_the_page(town: Town) -> None:
    await town.house.publish(registered("unconnected", "未接入"))

    async def opened() -> bool:
        return (await town.http.get("/community/unconnected")).status_code == 200

    await eventually(opened, "the community is open")
    accept = {"Accept": "text/html"}
    for account_id, params, status, back in (
        ("unconnected", {"return_to": "/h5/unconnected/posts/1?a=1&b=2"}, 409, "/h5/unconnected/posts/1?a=1&amp;b=2"),
        (town.first, {"return_to": "//evil.example"}, 422, f"/h5/{town.first}"),
        (town.first, {"return_to": "/h5/here", "attempt": "4"}, 409, "/h5/here"),
    ):
        answer = await town.http.get(f"/community/{account_id}/oauth/start", params=params, headers=accept)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert f'<a href="{back}">先看看</a>' in answer.text


async def test_following_and_withdrawing_the_authorisation(town: Town) -> None:
    follower_id = f"{town.first}:o-fan"
    keys = {"follower_id": follower_id, "account_id": town.first, "openid": "o-fan"}
    await town.house.publish(FollowerFollowed(**keys, scene=None, followed_at=AT))
    members = town.gateway.database["members"]

    async def follows(value: bool) -> bool:
        return await members.count_documents({"openid": "o-fan", "follows_account": value}) == 1

    await eventually(lambda: follows(True), "the follower is known")
    known = await members.find_one({"openid": "o-fan"})
    assert known is not None and known["joined_at"] is None
    fan = await town.follower("o-fan", nickname="可撤回", avatar_url="https://thirdwx.qlogo.cn/a/0", unionid="u")
    assert (await fan.get("/me")).json()["follows_account"] is True
    await town.house.publish(FollowerUnfollowed(**keys, unfollowed_at=AT))
    await eventually(lambda: follows(False), "the follower left")
    await town.house.publish(FollowerAuthorisationWithdrawn(**keys, withdrawn_at=AT))

    async def forgotten() -> bool:
        row = await members.find_one({"_id": fan.member_id})
        assert row is not None
        return row["left_at"] is not None and row["nickname"] is row["avatar_url"] is row["unionid"] is None

    await eventually(forgotten, "the profile is gone")
    assert (await fan.get("/me")).status_code == 404
    assert (await fan.post("/posts", {"text": "还在吗"})).json()["code"] == "micro_community.member_gone"


async def test_signing_out_forgets_the_cookie(town: Town, browser: httpx.AsyncClient) -> None:
    asked = await start(browser, town.first)
    params = {"code": town.wechat.code("o-one"), "state": asked["state"]}
    await browser.get(f"/community/{town.first}/oauth/callback", params=params)
    out = await browser.delete(f"/community/{town.first}/session", headers={"Idempotency-Key": "sign-out-1"})
    assert out.status_code == 204
    assert (await browser.get(f"/community/{town.first}/me")).status_code == 401


async def test_only_our_own_pages_are_signed(town: Town) -> None:
    path = f"/community/{town.first}/page-signature"
    good = await town.http.get(path, params={"url": "http://127.0.0.1:8600/h5/x?from=singlemessage#top"})
    assert good.json()["signature"] == "http://127.0.0.1:8600/h5/x?from=singlemessage"
    for url in ("http://evil.example/", "http://127.0.0.1:8600.evil.example/", "http://127.0.0.1:8600", "/h5/x"):
        refused = await town.http.get(path, params={"url": url})
        assert (refused.status_code, refused.json()["code"]) == (422, "micro_community.page_foreign")
