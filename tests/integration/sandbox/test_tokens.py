"""access_token: two families, their lives, and what refuses one."""

import re
from typing import Any

import pytest

from tests.integration.sandbox.support import Official, Sandbox

RID = re.compile(r" rid: ([0-9a-f]{8})-[0-9a-f]{8}-[0-9a-f]{8}$")


def plain_token(account: Official, **other: Any) -> dict[str, Any]:
    query = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret, **other}
    answer = account.http.get("/cgi-bin/token", params={k: v for k, v in query.items() if v is not None})
    assert answer.status_code == 200
    result: dict[str, Any] = answer.json()
    return result


def stable_token(account: Official, **other: Any) -> dict[str, Any]:
    body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret, **other}
    result: dict[str, Any] = account.http.post("/cgi-bin/stable_token", json=body).json()
    return result


def code_of_use(account: Official, token: str) -> int:
    return int(account.http.get("/cgi-bin/get_api_domain_ip", params={"access_token": token}).json().get("errcode", 0))


def test_a_token_is_long_opaque_and_lasts_two_hours(account: Official) -> None:
    answer = plain_token(account)
    assert len(answer["access_token"]) >= 100
    assert "." not in answer["access_token"]
    assert answer["expires_in"] == 7200


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({"secret": "f" * 32}, {40001}),
        ({"secret": "short"}, {40125}),
        ({"appid": "wx0000000000000000"}, {40013}),
        ({"grant_type": "password"}, {40002}),
        ({"secret": None}, {41004}),
        ({"appid": None}, {41002}),
    ],
)
def test_wrong_credentials_are_refused_by_number(account: Official, wrong: dict[str, Any], codes: set[int]) -> None:
    assert plain_token(account, **wrong)["errcode"] in codes


def test_an_errmsg_ends_in_a_request_id_that_can_be_asked_for(account: Official, sandbox: Sandbox) -> None:
    errmsg = account.post("/cgi-bin/draft/get", {"media_id": "nothing"})["errmsg"]
    found = RID.search(errmsg)
    assert found
    assert abs(int(found[1], 16) - sandbox.now()) < 60
    told = account.post("/cgi-bin/openapi/rid/get", {"rid": found[0].split()[-1]})["request"]
    assert "/cgi-bin/draft/get" in told["request_url"]
    assert "40007" in told["response_body"]
    assert account.token not in told["request_url"]


def test_a_request_id_is_told_to_nobody_else_and_to_nobody_after_a_week(account: Official, sandbox: Sandbox) -> None:
    rid = account.post("/cgi-bin/draft/get", {"media_id": "nothing"})["errmsg"].split()[-1]
    assert sandbox.account().post("/cgi-bin/openapi/rid/get", {"rid": rid})["errcode"] == 76003
    assert account.post("/cgi-bin/openapi/rid/get", {"rid": "no-such-rid"})["errcode"] == 76001
    sandbox.advance(8 * 86_400)
    account.fresh_token()
    assert account.post("/cgi-bin/openapi/rid/get", {"rid": rid})["errcode"] == 76004


def test_a_new_plain_token_ends_the_old_one_after_five_minutes(account: Official, sandbox: Sandbox) -> None:
    old, new = plain_token(account)["access_token"], plain_token(account)["access_token"]
    assert old != new
    assert code_of_use(account, old) == code_of_use(account, new) == 0
    sandbox.advance(301)
    assert code_of_use(account, old) == 40001
    assert code_of_use(account, new) == 0


def test_the_stable_token_stays_the_same_and_survives_plain_ones(account: Official, sandbox: Sandbox) -> None:
    first = stable_token(account)
    for _ in range(3):
        plain_token(account)
    sandbox.advance(1000)
    second = stable_token(account)
    assert second["access_token"] == first["access_token"]
    assert 6100 < second["expires_in"] <= 6200
    assert code_of_use(account, first["access_token"]) == 0


def test_the_stable_token_is_renewed_in_its_last_five_minutes_and_both_work(
    account: Official, sandbox: Sandbox
) -> None:
    old = stable_token(account)["access_token"]
    sandbox.advance(6890)
    assert stable_token(account)["access_token"] == old
    sandbox.advance(20)
    renewed = stable_token(account)
    assert renewed["access_token"] != old
    assert renewed["expires_in"] >= 300
    assert code_of_use(account, old) == code_of_use(account, renewed["access_token"]) == 0
    sandbox.advance(300)
    assert code_of_use(account, old) == 42001


def test_a_forced_refresh_kills_the_old_token_at_once_but_not_twice_in_thirty_seconds(
    account: Official, sandbox: Sandbox
) -> None:
    old = stable_token(account)["access_token"]
    forced = stable_token(account, force_refresh=True)["access_token"]
    assert code_of_use(account, old) == 40001
    assert stable_token(account, force_refresh=True)["access_token"] == forced
    sandbox.advance(31)
    assert stable_token(account, force_refresh=True)["access_token"] != forced


def test_a_refresh_can_be_forced_twenty_times_a_day(account: Official, sandbox: Sandbox) -> None:
    sandbox.to_next_day()
    for _ in range(20):
        assert "access_token" in stable_token(account, force_refresh=True)
        sandbox.advance(31)
    assert stable_token(account, force_refresh=True)["errcode"] == 45009
    sandbox.to_next_day()
    assert "access_token" in stable_token(account, force_refresh=True)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json", "application/x-www-form-urlencoded"])
def test_stable_token_reads_json_whatever_its_content_type_says(account: Official, content_type: str) -> None:
    body = f'{{"grant_type":"client_credential","appid":"{account.appid}","secret":"{account.secret}"}}'
    headers = {"Content-Type": content_type} if content_type else {}
    answer = account.http.post("/cgi-bin/stable_token", content=body.encode(), headers=headers)
    assert "access_token" in answer.json()


def test_stable_token_is_posted_as_json_only(account: Official) -> None:
    assert account.http.get("/cgi-bin/stable_token").json()["errcode"] == 43002
    assert account.http.post("/cgi-bin/token").json()["errcode"] == 43001
    assert account.http.post("/cgi-bin/stable_token", content=b"{").json()["errcode"] == 47001
    assert account.http.post("/cgi-bin/stable_token").json()["errcode"] == 44002


def test_a_call_without_or_with_a_wrong_token_is_refused(account: Official, sandbox: Sandbox) -> None:
    token = account.fresh_token()
    assert account.http.get("/cgi-bin/get_api_domain_ip").json()["errcode"] == 41001
    assert code_of_use(account, "garbage") == 40014
    assert code_of_use(account, "g" * 120) == 40001
    sandbox.advance(7201)
    assert code_of_use(account, token) == 42001


def test_the_whitelist_is_checked_on_token_calls_only(account: Official) -> None:
    account.fresh_token()
    account.change(ip_whitelist=["10.1.2.3"])
    for answer in (plain_token(account), stable_token(account)):
        assert answer["errcode"] == 40164
        assert "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist" in answer["errmsg"]
    assert code_of_use(account, account.token) == 0
    account.change(ip_whitelist=["10.1.2.3", "127.0.0.1"])
    assert "access_token" in plain_token(account)


@pytest.mark.parametrize(("state", "code"), [("secret_frozen", 40243), ("frozen", 50007)])
def test_a_frozen_secret_or_account_gets_no_token(account: Official, state: str, code: int) -> None:
    account.change(**{state: True})
    assert plain_token(account)["errcode"] == code


def test_a_punished_account_is_refused_with_a_good_token(account: Official) -> None:
    account.fresh_token()
    account.change(punished=True)
    assert code_of_use(account, account.token) == 48004


def test_tokens_run_out_at_two_thousand_a_day_until_midnight_in_beijing(account: Official, sandbox: Sandbox) -> None:
    sandbox.to_next_day()
    sandbox.settings(daily_limits={"/cgi-bin/token": 3})
    for _ in range(3):
        assert "access_token" in plain_token(account)
    assert plain_token(account)["errcode"] == 45009
    sandbox.to_next_day()
    assert "access_token" in plain_token(account)
    sandbox.settings(daily_limits={})
    quota = account.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/token"})["quota"]
    assert (quota["daily_limit"], quota["used"], quota["remain"]) == (2000, 1, 1999)
