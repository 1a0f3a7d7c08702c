"""What holds for every call: numbers over HTTP 200, permissions, quotas."""

import pytest

from tests.integration.sandbox.support import Official, Sandbox

QUOTA = "/cgi-bin/openapi/quota/get"


def test_an_unknown_path_is_a_404_page(sandbox: Sandbox) -> None:
    answer = sandbox.http.get("/cgi-bin/no/such/path")
    assert answer.status_code == 404
    assert "text/html" in answer.headers["content-type"]


def test_an_error_is_http_200_with_json_in_raw_utf8(account: Official) -> None:
    answer = account.http.post("/cgi-bin/draft/get", params={"access_token": account.fresh_token()}, content=b"[1]")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["errcode"] == 47001


def test_plain_http_is_refused_where_https_is_required(account: Official, sandbox: Sandbox) -> None:
    account.fresh_token()
    sandbox.settings(require_https=True)
    assert account.get("/cgi-bin/get_api_domain_ip")["errcode"] == 43003


def test_the_quota_of_a_call_is_counted_told_and_cleared(account: Official, sandbox: Sandbox) -> None:
    sandbox.to_next_day()
    sandbox.settings(daily_limits={"/cgi-bin/draft/count": 2})
    assert account.get("/cgi-bin/draft/count") == {"total_count": 0}
    assert account.get("/cgi-bin/draft/count") == {"total_count": 0}
    assert account.get("/cgi-bin/draft/count")["errcode"] == 45009
    asked = account.post(QUOTA, {"cgi_path": "/cgi-bin/draft/count"})
    assert asked["quota"] == {"daily_limit": 2, "used": 2, "remain": 0}
    assert account.post("/cgi-bin/clear_quota", {"appid": account.appid})["errcode"] == 0
    assert account.get("/cgi-bin/draft/count") == {"total_count": 0}
    assert account.post(QUOTA, {"cgi_path": "/no/such"})["errcode"] == 76021


def test_quota_can_be_cleared_ten_times_a_month(account: Official, sandbox: Sandbox) -> None:
    sandbox.to_next_month()
    account.fresh_token()
    codes = [account.post("/cgi-bin/clear_quota", {"appid": account.appid})["errcode"] for _ in range(11)]
    assert codes == [0] * 10 + [48006]
    sandbox.to_next_month()
    account.fresh_token()
    assert account.post("/cgi-bin/clear_quota", {"appid": account.appid})["errcode"] == 0


def test_another_accounts_quota_cannot_be_cleared(account: Official) -> None:
    assert account.post("/cgi-bin/clear_quota", {"appid": "wx0000000000000000"})["errcode"] == 40013


def test_a_burst_is_stopped_for_the_rest_of_the_minute(account: Official, sandbox: Sandbox) -> None:
    sandbox.settings(minute_limits={"/cgi-bin/draft/count": 2})
    account.fresh_token()
    sandbox.advance(60 - sandbox.now() % 60)
    codes = [account.get("/cgi-bin/draft/count").get("errcode", 0) for _ in range(3)]
    assert codes == [0, 0, 45011]
    sandbox.advance(60)
    assert "total_count" in account.get("/cgi-bin/draft/count")


@pytest.mark.parametrize(
    ("path", "unverified_subscription", "verified_subscription", "unverified_service"),
    [
        ("/cgi-bin/menu/create", False, True, True),
        ("/cgi-bin/message/mass/sendall", False, True, False),
        ("/cgi-bin/message/mass/send", False, False, False),
        ("/cgi-bin/message/custom/send", False, True, False),
        ("/cgi-bin/message/template/send", False, False, False),
        ("/cgi-bin/qrcode/create", False, False, False),
        ("/cgi-bin/freepublish/submit", False, True, False),
        ("/cgi-bin/material/batchget_material", False, True, False),
        ("/cgi-bin/tags/create", False, True, False),
        ("/cgi-bin/user/info/batchget", False, True, False),
        ("/cgi-bin/draft/batchget", True, True, True),
    ],
)
def test_the_class_of_an_account_decides_what_it_may_call(
    sandbox: Sandbox,
    path: str,
    unverified_subscription: bool,
    verified_subscription: bool,
    unverified_service: bool,
) -> None:
    allowed = {
        ("subscription", False): unverified_subscription,
        ("subscription", True): verified_subscription,
        ("service", False): unverified_service,
        ("service", True): True,
    }
    for (kind, verified), may in allowed.items():
        code = sandbox.account(kind=kind, verified=verified).post(path).get("errcode", 0)
        assert (code != 48001) == may, (kind, verified, code)


def test_an_account_whose_verification_lapses_loses_its_interfaces_at_once(account: Official) -> None:
    assert account.get("/cgi-bin/user/get")["total"] == 0
    account.change(verified=False)
    assert account.get("/cgi-bin/user/get")["errcode"] == 48001


def test_calls_are_listed_with_their_secrets_masked(account: Official) -> None:
    account.fresh_token()
    listed = account.http.get("/_control/calls", params={"path": "/cgi-bin/stable_token", "appid": account.appid})
    assert account.secret not in listed.text
    assert account.token not in listed.text
    assert listed.json()[-1]["errcode"] == 0
