"""Web authorisation and the JS-SDK."""

import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from wechatpy import WeChatOAuth

from tests.integration.sandbox.support import Official, Sandbox

HOST = "community.example:8600"
BACK = f"http://{HOST}/back?next=/boards"


@pytest.fixture
def community(sandbox: Sandbox) -> Official:
    """A verified service account whose web-authorisation domain is the community's."""
    return sandbox.account(name="集团之声", oauth_domains=[HOST], js_domains=["community.example"])


def authorize(account: Official, **other: str) -> httpx.Response:
    query = {"appid": account.appid, "redirect_uri": BACK, "response_type": "code", "scope": "snsapi_base", **other}
    return account.http.get("/connect/oauth2/authorize", params=query)


def code_for(account: Official, who: str, scope: str = "snsapi_userinfo") -> str:
    location = authorize(account, scope=scope, state="abc", _as=who).headers["location"]
    return parse_qs(urlsplit(location).query)["code"][0]


def exchange(account: Official, given: str, **other: str) -> dict[str, Any]:
    query = {"appid": account.appid, "secret": account.secret, "code": given, "grant_type": "authorization_code"}
    answer: dict[str, Any] = account.http.get("/sns/oauth2/access_token", params={**query, **other}).json()
    return answer


def test_a_test_chooses_the_follower_and_is_sent_back_at_once(community: Official) -> None:
    openid = community.follower()
    answer = authorize(community, state="Abc123", _as=openid)
    assert answer.status_code == 302
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == f"http://{HOST}/back"
    query = parse_qs(back.query)
    assert (query["state"], query["next"]) == (["Abc123"], ["/boards"])
    assert exchange(community, query["code"][0])["openid"] == openid


def test_a_person_without_any_relation_can_authorise_without_following(community: Official) -> None:
    person = community.http.post("/_control/people", json={"nickname": "路人"}).json()
    granted = exchange(community, code_for(community, person["person_id"]))
    assert len(granted["openid"]) == 28
    assert community.http.get("/_control/accounts/" + community.appid + "/followers").json() == []


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"redirect_uri": "http://evil.example/back"}, "10003"),
        ({"redirect_uri": "http://sub.community.example:8600/back"}, "10003"),
        ({"redirect_uri": "http://community.example/back"}, "10003"),
        ({"redirect_uri": f"http://{HOST}@evil.example/"}, "10003"),
        ({"redirect_uri": "javascript:alert(1)"}, "10003"),
        ({"appid": "wx0000000000000000"}, "10013"),
        ({"scope": "snsapi_login"}, "10005"),
        ({"response_type": "token"}, "10016"),
        ({"state": "with space"}, "10015"),
        ({"state": "a" * 129}, "10015"),
        ({"_as": "nobody"}, "10006"),
    ],
)
def test_a_wrong_link_ends_on_an_error_page(community: Official, other: dict[str, str], code: str) -> None:
    answer = authorize(community, **other)
    assert answer.status_code == 200
    assert f"错误码：{code}" in answer.text


@pytest.mark.parametrize(("kind", "verified"), [("subscription", True), ("service", False)])
def test_only_verified_service_accounts_authorise(sandbox: Sandbox, kind: str, verified: bool) -> None:
    account = sandbox.account(kind=kind, verified=verified, oauth_domains=[HOST])
    assert "错误码：10005" in authorize(account).text
    assert exchange(account, "code")["errcode"] == 48001


def test_people_are_asked_who_they_are_and_whether_they_agree(community: Official) -> None:
    openid = community.follower("粉丝<甲>")
    page = authorize(community, scope="snsapi_userinfo", state="s")
    assert "集团之声" in page.text
    assert "粉丝&lt;甲&gt;" in page.text
    person_id = community.control("GET", f"/followers/{openid}")["person_id"]
    agreed = community.http.post(page.url, data={"person_id": person_id})
    assert agreed.status_code == 302
    assert "state=s" in agreed.headers["location"]
    assert "已拒绝" in community.http.post(page.url, data={"person_id": ""}).text


def test_the_holder_of_the_phone_passes_the_silent_scope_without_a_question(community: Official) -> None:
    openid = community.follower()
    with httpx.Client(base_url=community.http.base_url) as browser:
        browser.get("/", params={"appid": community.appid, "openid": openid}).raise_for_status()
        query = {"appid": community.appid, "redirect_uri": BACK, "response_type": "code"}
        silent = browser.get("/connect/oauth2/authorize", params={**query, "scope": "snsapi_base"})
        asked = browser.get("/connect/oauth2/authorize", params={**query, "scope": "snsapi_userinfo"})
    assert (silent.status_code, asked.status_code) == (302, 200)
    assert exchange(community, parse_qs(urlsplit(silent.headers["location"]).query)["code"][0])["openid"] == openid


def test_a_code_works_once_for_five_minutes_and_for_its_own_account(community: Official, sandbox: Sandbox) -> None:
    openid = community.follower()
    code = code_for(community, openid)
    assert exchange(community, code)["expires_in"] == 7200
    assert exchange(community, code)["errcode"] == 40163
    late = code_for(community, openid)
    sandbox.advance(301)
    assert exchange(community, late)["errcode"] == 40029
    foreign = sandbox.account(oauth_domains=[HOST])
    assert exchange(foreign, code_for(community, openid))["errcode"] == 40029
    assert exchange(community, "unknown")["errcode"] == 40029


@pytest.mark.parametrize(
    ("other", "code"),
    [({"secret": "wrong"}, 40125), ({"grant_type": "x"}, 40002), ({"code": ""}, 41008), ({"appid": "wx0"}, 40013)],
)
def test_a_wrong_exchange_is_refused(community: Official, other: dict[str, str], code: int) -> None:
    assert exchange(community, code_for(community, community.follower()), **other)["errcode"] == code


def test_the_silent_scope_gives_no_more_than_the_openid(community: Official) -> None:
    openid = community.follower()
    granted = exchange(community, code_for(community, openid, "snsapi_base"))
    assert (granted["openid"], granted["scope"]) == (openid, "snsapi_base")
    assert "unionid" not in granted
    query = {"access_token": granted["access_token"], "openid": openid}
    assert community.http.get("/sns/userinfo", params=query).json()["errcode"] == 48001


def test_the_profile_has_no_sex_and_no_region(community: Official) -> None:
    openid = community.follower("粉丝甲")
    granted = exchange(community, code_for(community, openid))
    query = {"access_token": granted["access_token"], "openid": openid}
    profile = community.http.get("/sns/userinfo", params=query).json()
    assert (profile["nickname"], profile["sex"], profile["city"]) == ("粉丝甲", 0, "")
    assert profile["unionid"] == granted["unionid"]
    assert community.http.get(profile["headimgurl"]).headers["content-type"] == "image/svg+xml"
    assert community.http.get("/sns/auth", params=query).json()["errcode"] == 0
    wrong = {**query, "openid": "o" * 28}
    assert community.http.get("/sns/auth", params=wrong).json()["errcode"] == 40003


def test_unionid_needs_the_open_platform(community: Official) -> None:
    community.change(open_platform=False)
    assert "unionid" not in exchange(community, code_for(community, community.follower()))


def test_a_refresh_token_lives_thirty_days(community: Official, sandbox: Sandbox) -> None:
    openid = community.follower()
    granted = exchange(community, code_for(community, openid))
    sandbox.advance(7201)
    query = {"access_token": granted["access_token"], "openid": openid}
    assert community.http.get("/sns/userinfo", params=query).json()["errcode"] == 42001
    refresh = {"appid": community.appid, "grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    renewed = community.http.get("/sns/oauth2/refresh_token", params=refresh).json()
    query["access_token"] = renewed["access_token"]
    assert community.http.get("/sns/userinfo", params=query).json()["openid"] == openid
    sandbox.advance(31 * 86_400)
    assert community.http.get("/sns/oauth2/refresh_token", params=refresh).json()["errcode"] == 42002
    refresh["refresh_token"] = "unknown"
    assert community.http.get("/sns/oauth2/refresh_token", params=refresh).json()["errcode"] == 40030


def test_a_withdrawn_authorisation_ends_its_tokens(community: Official) -> None:
    openid = community.follower()
    granted = exchange(community, code_for(community, openid))
    community.act(openid, "withdraw_authorisation")
    query = {"access_token": granted["access_token"], "openid": openid}
    assert community.http.get("/sns/userinfo", params=query).json()["errcode"] == 40001


def test_a_snapshot_visitor_is_nobody(community: Official) -> None:
    openid = community.follower("粉丝甲")
    community.change(snapshot_users=True)
    granted = exchange(community, code_for(community, openid))
    assert granted["is_snapshotuser"] == 1
    assert granted["openid"] != openid
    query = {"access_token": granted["access_token"], "openid": granted["openid"]}
    assert community.http.get("/sns/userinfo", params=query).json()["nickname"] == "微信用户"
    assert "is_snapshotuser" not in exchange(community, code_for(community, openid, "snsapi_base"))


def test_wechatpy_walks_the_whole_way(community: Official) -> None:
    openid = community.follower("粉丝甲")
    oauth = WeChatOAuth(community.appid, community.secret, BACK, scope="snsapi_userinfo", state="x1")
    oauth.API_BASE_URL = f"{community.http.base_url}/"
    oauth.OAUTH_BASE_URL = f"{community.http.base_url}/connect/"
    with oauth._http:
        location = community.http.get(oauth.authorize_url.split("#")[0] + f"&_as={openid}").headers["location"]
        oauth.fetch_access_token(parse_qs(urlsplit(location).query)["code"][0])
        assert oauth.get_user_info()["nickname"] == "粉丝甲"


def js_signature(ticket: str, nonce: str, stamp: int, url: str) -> str:
    plain = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={stamp}&url={url}"
    return hashlib.sha1(plain.encode()).hexdigest()


def test_a_ticket_stays_the_same_for_two_hours(community: Official, sandbox: Sandbox) -> None:
    first = community.get("/cgi-bin/ticket/getticket", type="jsapi")
    assert (first["errcode"], first["expires_in"]) == (0, 7200)
    sandbox.advance(100)
    second = community.get("/cgi-bin/ticket/getticket", type="jsapi")
    assert second["ticket"] == first["ticket"]
    assert second["expires_in"] <= 7100
    assert community.get("/cgi-bin/ticket/getticket", type="wx_card")["ticket"] != first["ticket"]
    assert community.get("/cgi-bin/ticket/getticket", type="other")["errcode"] == 40097
    sandbox.advance(7201)
    community.fresh_token()
    assert community.get("/cgi-bin/ticket/getticket", type="jsapi")["ticket"] != first["ticket"]


def test_a_page_is_configured_with_the_right_signature_on_the_right_host(community: Official) -> None:
    ticket = community.get("/cgi-bin/ticket/getticket", type="jsapi")["ticket"]

    def check(signed: str, page: str) -> str:
        body = {
            "appid": community.appid,
            "timestamp": 1414587457,
            "nonce_str": "Wm3WZYTPz0wzccnW",
            "signature": js_signature(ticket, "Wm3WZYTPz0wzccnW", 1414587457, signed),
            "url": page,
        }
        return str(community.http.post("/_control/jssdk-check", json=body).json()["error"])

    page = "http://h5.community.example/post?id=1"
    assert check(page, page) == ""
    assert check(page, page + "#reply") == ""
    assert check(page, page + "&from=timeline") == "config:invalid signature"
    assert check("http://evil.example/", "http://evil.example/") == "config:invalid url domain"
